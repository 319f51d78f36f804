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
