//! The render tree (`wit/render.wit`) as Rust types: what plugins and the host answer instead of HTML.
//!
//! A tree is unchecked; only [`super::sanitise`] makes something of it that can be rendered.

use super::value::{FormattedText, NamedValue};

macro_rules! tags {
    ($($tag:ident $name:literal,)*) => {
        /// An HTML element.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Tag {
            $(
                #[doc = concat!("`<", $name, ">`")]
                $tag,
            )*
            /// Another element; left out unless it is allowed.
            Other(String),
        }

        impl Tag {
            /// The element's name.
            #[must_use]
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$tag => $name,)*
                    Self::Other(name) => name,
                }
            }
        }
    };
}

tags! {
    A "a", Abbr "abbr", Article "article", Aside "aside", Blockquote "blockquote", Br "br", Caption "caption",
    Cite "cite", Code "code", Dd "dd", Del "del", Details "details", Div "div", Dl "dl", Dt "dt", Em "em",
    Figcaption "figcaption", Figure "figure", Footer "footer", H2 "h2", H3 "h3", H4 "h4", H5 "h5", H6 "h6",
    Header "header", Hr "hr", Img "img", Ins "ins", Kbd "kbd", Li "li", Main "main", Mark "mark", Nav "nav", Ol "ol",
    P "p", Pre "pre", Q "q", S "s", Section "section", Small "small", Span "span", Strong "strong", Sub "sub",
    Summary "summary", Sup "sup", Table "table", Tbody "tbody", Td "td", Tfoot "tfoot", Th "th", Thead "thead",
    Time "time", Tr "tr", Ul "ul",
}

/// An attribute of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attribute {
    /// One or more class names, separated by spaces.
    Class(String),
    /// An identifier, unique in the page.
    Id(String),
    /// The target of a link.
    Href(String),
    /// The address of an image.
    Src(String),
    /// What an image shows.
    Alt(String),
    /// Additional advice.
    Title(String),
    /// The machine-readable form of a time (RFC 3339).
    Datetime(String),
    /// The language of the content (BCP 47).
    Lang(String),
    /// The relation of a link's target.
    Rel(String),
    /// An ARIA role.
    Role(String),
    /// An accessible name.
    AriaLabel(String),
    /// A width in CSS pixels.
    Width(u32),
    /// A height in CSS pixels.
    Height(u32),
    /// How many columns a cell spans.
    Colspan(u32),
    /// How many rows a cell spans.
    Rowspan(u32),
    /// Another attribute, name and value; dropped unless it is allowed.
    Other(String, String),
}

/// An element with its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    /// Which element.
    pub tag: Tag,
    /// Its attributes; of two with one name the last wins.
    pub attributes: Vec<Attribute>,
}

impl Element {
    /// An element without attributes.
    #[must_use]
    pub const fn new(tag: Tag) -> Self {
        Self {
            tag,
            attributes: Vec::new(),
        }
    }

    /// The element with one more attribute.
    #[must_use]
    pub fn with(mut self, attribute: Attribute) -> Self {
        self.attributes.push(attribute);
        self
    }

    /// The element with these class names, separated by spaces.
    #[must_use]
    pub fn class(self, names: impl Into<String>) -> Self {
        self.with(Attribute::Class(names.into()))
    }
}

/// How much of an item is shown.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ViewMode {
    /// The whole item on its own page.
    Full,
    /// The short form for listings.
    Teaser,
    /// The form for lists of search results.
    SearchResult,
    /// A view mode that the site has added.
    Other(String),
}

impl ViewMode {
    /// The name that templates see.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Full => "full",
            Self::Teaser => "teaser",
            Self::SearchResult => "search_result",
            Self::Other(name) => name,
        }
    }
}

/// An item, rendered by the host in a view mode, with its own access check.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ItemEmbed {
    /// The item's identifier.
    pub item: String,
    /// How much of it.
    pub mode: ViewMode,
}

/// Links to the other pages of a paged list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pager {
    /// The page shown, from 0.
    pub page: u32,
    /// How many pages there are.
    pub pages: u32,
    /// The path of the list, perhaps with a query; the page goes into its `page` parameter.
    pub path: String,
}

/// One of a plugin's own templates.
#[derive(Debug, Clone, PartialEq)]
pub struct Template {
    /// The plugin that made the node: the host fills it in, a plugin has no say in it.
    pub plugin: String,
    /// The template's file name, such as `related.html`.
    pub name: String,
    /// Its variables.
    pub variables: Vec<NamedValue>,
}

/// Something that this version of the host has no case for.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherEmbed {
    /// What it is.
    pub kind: String,
    /// Its settings.
    pub settings: Vec<NamedValue>,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeKind {
    /// Text; escaped.
    Text(String),
    /// Text, shown through its text format.
    Formatted(FormattedText),
    /// An element; the nodes that name this one as parent are its children.
    Element(Element),
    /// An item, rendered by the host.
    Item(ItemEmbed),
    /// Links to the other pages of a list.
    Pager(Pager),
    /// A plugin's template.
    Template(Template),
    /// A field of the item that is shown; only the host makes these.
    Field(String),
    /// Something else; left out and logged.
    Other(OtherEmbed),
}

/// A node of a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The index of the parent, which must come earlier in the list; none for a node at the top.
    pub parent: Option<u32>,
    /// Lower comes first among siblings; equal weights keep their order in the list.
    pub weight: i32,
    /// What it is.
    pub kind: NodeKind,
}

/// A tree: its nodes in document order, and how long what they show stays true.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    /// The nodes, each parent before its children.
    pub nodes: Vec<Node>,
    /// Cache tags: the rendered result is dropped when one of them is invalidated.
    pub cache_tags: Vec<String>,
    /// How long the result may be kept, in seconds; none for as long as its tags are valid.
    pub max_age: Option<u32>,
}

impl Tree {
    /// Adds a node of weight 0 and answers its index.
    pub fn push(&mut self, parent: Option<u32>, kind: NodeKind) -> u32 {
        // An index past the 32 bits of the contract belongs to a tree far above every limit.
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        self.nodes.push(Node {
            parent,
            weight: 0,
            kind,
        });
        index
    }

    /// Adds the nodes of another tree, and what keeps them true.
    pub fn append(&mut self, other: Self) {
        let offset = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let moved = other.nodes.into_iter().map(|node| Node {
            parent: node.parent.map(|parent| parent.saturating_add(offset)),
            ..node
        });
        self.nodes.extend(moved);
        self.cache_tags.extend(other.cache_tags);
        self.max_age = [self.max_age, other.max_age].into_iter().flatten().min();
    }

    /// Adds an element and answers its index.
    pub fn element(&mut self, parent: Option<u32>, element: Element) -> u32 {
        self.push(parent, NodeKind::Element(element))
    }

    /// Adds text and answers its index.
    pub fn text(&mut self, parent: Option<u32>, text: impl Into<String>) -> u32 {
        self.push(parent, NodeKind::Text(text.into()))
    }

    /// Adds a link with a text and answers the index of the link.
    pub fn link(&mut self, parent: Option<u32>, href: impl Into<String>, text: impl Into<String>) -> u32 {
        let link = self.element(parent, Element::new(Tag::A).with(Attribute::Href(href.into())));
        self.text(Some(link), text);
        link
    }

    /// Checks that each parent comes before its children, which rules out cycles.
    ///
    /// # Errors
    /// [`super::Error::Parent`].
    pub fn check_parents(&self) -> Result<(), super::Error> {
        for (node, parent) in self
            .nodes
            .iter()
            .enumerate()
            .filter_map(|(at, node)| Some((at, node.parent?)))
        {
            if parent as usize >= node {
                return Err(super::Error::Parent { node, parent });
            }
        }
        Ok(())
    }
}
