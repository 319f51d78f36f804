//! One function for each element that a plugin may make: `div()`, `h2()`, `li()` …

use super::{Element, Tag};

macro_rules! elements {
    ($($function:ident $tag:ident)*) => {$(
        #[doc = concat!("A `", stringify!($function), "` element.")]
        pub fn $function() -> Element {
            Element::new(Tag::$tag)
        }
    )*};
}

elements! {
    a A  abbr Abbr  article Article  aside Aside  blockquote Blockquote  br Br  caption Caption  cite Cite
    code Code  dd Dd  del Del  details Details  div Div  dl Dl  dt Dt  em Em  figcaption Figcaption
    figure Figure  footer Footer  h2 H2  h3 H3  h4 H4  h5 H5  h6 H6  header Header  hr Hr  img Img  ins Ins
    kbd Kbd  li Li  main Main  mark Mark  nav Nav  ol Ol  p P  pre Pre  q Q  s S  section Section  small Small
    span Span  strong Strong  sub Sub  summary Summary  sup Sup  table Table  tbody Tbody  td Td  tfoot Tfoot
    th Th  thead Thead  time Time  tr Tr  ul Ul
}
