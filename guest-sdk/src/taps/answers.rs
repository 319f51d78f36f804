//! Which Rust types may answer a tap, by the type that the tap has in WIT.

/// Implements a tap's `Answer` for every type that makes a good answer.
macro_rules! answers {
    // Told, not asked.
    (()) => {
        impl Answer for () {
            fn answer(self) {}
        }
        answers!(logged (), ());
    };
    (Result<(), types::Error>) => {
        answers!(fallible (), types::Error: ());
    };
    (Result<String, types::Error>) => {
        answers!(fallible String, types::Error: String, &'static str);
    };
    (Result<pages::PageAnswer, types::Error>) => {
        answers!(
            fallible pages::PageAnswer, types::Error:
            pages::PageAnswer, pages::Page, pages::Feed, pages::Redirect, crate::Tree
        );
    };
    (Result<apis::ApiResponse, types::Error>) => {
        answers!(fallible apis::ApiResponse, types::Error: apis::ApiResponse);
    };
    (Result<forms::Form, types::Error>) => {
        answers!(fallible forms::Form, types::Error: forms::Form, crate::form::Form);
    };
    (Result<forms::Outcome, types::Error>) => {
        answers!(fallible forms::Outcome, types::Error: forms::Outcome);
        impl Answer for () {
            fn answer(self) -> Result<forms::Outcome, types::Error> {
                Ok(forms::Outcome::Done)
            }
        }
        impl<E: Into<crate::Error>> Answer for Result<(), E> {
            fn answer(self) -> Result<forms::Outcome, types::Error> {
                self.map(|()| forms::Outcome::Done).map_err(|error| error.into().into())
            }
        }
    };
    (Vec<forms::Alteration>) => {
        answers!(into Vec<forms::Alteration>: crate::form::FormChanges, Vec<forms::Alteration>);
        answers!(optional Vec<forms::Alteration>, Vec::new());
        answers!(logged Vec<forms::Alteration>, Vec::new());
    };
    (render::ViewAnswer) => {
        answers!(
            into render::ViewAnswer:
            crate::View, crate::Tree, crate::Node, crate::Element, crate::Template
        );
        answers!(optional render::ViewAnswer, render::ViewAnswer::Unchanged);
        answers!(logged render::ViewAnswer, render::ViewAnswer::Unchanged);
    };
    (Vec<render::Alteration>) => {
        answers!(into Vec<render::Alteration>: crate::Changes, Vec<render::Alteration>);
        answers!(optional Vec<render::Alteration>, Vec::new());
        answers!(logged Vec<render::Alteration>, Vec::new());
    };
    (Vec<types::NamedValue>) => {
        answers!(into Vec<types::NamedValue>: crate::Variables, Vec<types::NamedValue>);
        answers!(optional Vec<types::NamedValue>, Vec::new());
        answers!(logged Vec<types::NamedValue>, Vec::new());
    };
    (Vec<head::Entry>) => {
        answers!(into Vec<head::Entry>: crate::head::Head, Vec<head::Entry>);
        answers!(optional Vec<head::Entry>, Vec::new());
        answers!(logged Vec<head::Entry>, Vec::new());
    };
    (Result<Vec<fields::ValueProblem>, types::Error>) => {
        answers!(fallible Vec<fields::ValueProblem>, types::Error: Vec<fields::ValueProblem>);
    };
    (Option<forms::Element>) => {
        impl Answer for forms::Element {
            fn answer(self) -> Option<forms::Element> {
                Some(self)
            }
        }
        impl Answer for crate::form::Field {
            fn answer(self) -> Option<forms::Element> {
                Some(self.into())
            }
        }
        answers!(optional Option<forms::Element>, None);
        answers!(logged Option<forms::Element>, None);
    };
    (Vec<render::ViewAnswer>) => {
        impl<V: Into<crate::View>> Answer for Vec<V> {
            fn answer(self) -> Vec<render::ViewAnswer> {
                let views = self.into_iter().map(Into::<crate::View>::into);
                views.map(render::ViewAnswer::from).collect()
            }
        }
        answers!(optional Vec<render::ViewAnswer>, Vec::new());
        answers!(logged Vec<render::ViewAnswer>, Vec::new());
    };
    // Declarations: one, or several.
    (Vec<$declaration:ty>) => {
        impl Answer for Vec<$declaration> {
            fn answer(self) -> Vec<$declaration> {
                self
            }
        }
        impl Answer for $declaration {
            fn answer(self) -> Vec<$declaration> {
                vec![self]
            }
        }
        impl<const N: usize> Answer for [$declaration; N] {
            fn answer(self) -> Vec<$declaration> {
                self.into()
            }
        }
    };
    ($other:path) => {
        impl Answer for $other {
            fn answer(self) -> $other {
                self
            }
        }
    };

    (into $answer:ty: $($type:ty),+) => {
        $(impl Answer for $type {
            fn answer(self) -> $answer {
                self.into()
            }
        })+
    };
    (fallible $answer:ty, $error:ty: $($type:ty),+) => {
        $(
            impl Answer for $type {
                fn answer(self) -> Result<$answer, $error> {
                    Ok(self.into())
                }
            }
            impl<E: Into<crate::Error>> Answer for Result<$type, E> {
                fn answer(self) -> Result<$answer, $error> {
                    match self {
                        Ok(answer) => Ok(answer.into()),
                        Err(error) => Err(error.into().into()),
                    }
                }
            }
        )+
    };
    (optional $answer:ty, $instead:expr) => {
        impl<T: Answer> Answer for Option<T> {
            fn answer(self) -> $answer {
                self.map_or_else(|| $instead, Answer::answer)
            }
        }
    };
    (logged $answer:ty, $instead:expr) => {
        impl<T, E> Answer for Result<T, E>
        where
            T: Answer,
            E: Into<crate::Error>,
        {
            fn answer(self) -> $answer {
                match self {
                    Ok(answer) => answer.answer(),
                    Err(error) => {
                        let error: crate::Error = error.into();
                        crate::log::error!("{error}");
                        $instead
                    }
                }
            }
        }
    };
}
