//! Paths of this site from segments that may hold anything.

use std::fmt::Write as _;

/// The path with these segments, percent-encoded (RFC 3986): `path(["blog", "tag", "C++ & co"])`.
pub fn path<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> String {
    let mut path = String::new();
    for segment in segments {
        path.push('/');
        for &byte in segment.as_ref().as_bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    path.push(char::from(byte))
                }
                // Writing to a String can't fail.
                other => drop(write!(path, "%{other:02X}")),
            }
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_encoded_and_never_split() {
        assert_eq!(path(["blog", "tag", "a/b c"]), "/blog/tag/a%2Fb%20c");
        assert_eq!(path(["é"]), "/%C3%A9");
    }
}
