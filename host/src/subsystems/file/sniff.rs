//! The media type of a file by its content: what a name claims counts for nothing.

/// What a file begins with, after so many bytes.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypavis", "image/avif"),
    (0, b"BM", "image/bmp"),
    (0, b"\x00\x00\x01\x00", "image/x-icon"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"\x28\xb5\x2f\xfd", "application/zstd"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"\0asm", "application/wasm"),
];
/// What text begins with that a browser would take for a page, in lower case.
const PAGES: &[&str] = &["<!doctype html", "<html", "<head", "<body", "<script", "<iframe"];
const UNKNOWN: &str = "application/octet-stream";

/// The media type of a content.
pub(super) fn media_type(bytes: &[u8]) -> &'static str {
    let known = SIGNATURES
        .iter()
        .find(|(at, signature, _)| bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature)));
    match (known, std::str::from_utf8(bytes)) {
        // Two letters prove little: text may begin with them.
        (Some((_, b"BM", _)), Ok(text)) => text_type(text),
        (Some((_, _, mime)), _) => mime,
        (None, Ok(text)) => text_type(text),
        (None, Err(_)) => UNKNOWN,
    }
}

fn text_type(text: &str) -> &'static str {
    if text.contains(|char: char| char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\x0c' | '\x1b'))
    {
        return UNKNOWN;
    }
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if PAGES.iter().any(|page| begins_with(text, page)) {
        "text/html"
    } else if is_svg(text) {
        "image/svg+xml"
    } else {
        "text/plain"
    }
}

/// Whether the first element is `svg`, after declarations and comments.
fn is_svg(mut text: &str) -> bool {
    loop {
        text = text.trim_start();
        let end = if text.starts_with("<!--") {
            "-->"
        } else if text.starts_with("<?") {
            "?>"
        } else if begins_with(text, "<!doctype svg") {
            ">"
        } else {
            return begins_with(text, "<svg");
        };
        match text.split_once(end) {
            Some((_, rest)) => text = rest,
            None => return false,
        }
    }
}

fn begins_with(text: &str, lower: &str) -> bool {
    text.get(..lower.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_the_media_type() {
        let cases: &[(&[u8], &str)] = &[
            (b"\x89PNG\r\n\x1a\n....", "image/png"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
            (b"\0\0\0\x20ftypavif\0\0", "image/avif"),
            (b"\0\0\0\x20ftypisom\0\0", "video/mp4"),
            (b"%PDF-1.7\n\xe2\xe3", "application/pdf"),
            (
                b"\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- a --><!DOCTYPE svg PUBLIC \"x\">\n<svg/>",
                "image/svg+xml",
            ),
            (b"<!-- <svg> --> text", "text/plain"),
            (b"  <!DOCTYPE HTML><title>x</title>", "text/html"),
            (b"BMW is a brand\n", "text/plain"),
            (b"BM\x9a\xff\0\0", "image/bmp"),
            (b"", "text/plain"),
            (b"a\0b", "application/octet-stream"),
            (b"\xff\xfe\xfd", "application/octet-stream"),
        ];
        for (content, expected) in cases {
            assert_eq!(
                media_type(content),
                *expected,
                "{:?}",
                String::from_utf8_lossy(content)
            );
        }
    }
}
