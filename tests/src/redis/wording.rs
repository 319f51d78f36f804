//! How servers are asked, and what their answers look like.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// What a server answers, one after the other.
///
/// # Panics
/// It refuses.
pub(super) async fn ask(stream: &mut TcpStream, command: &[&str]) -> Vec<String> {
    let mut words = format!("*{}\r\n", command.len());
    for word in command {
        words.push_str(&format!("${}\r\n{word}\r\n", word.len()));
    }
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut stream = BufReader::new(stream);
    let mut answers = Vec::new();
    let mut open = 1_usize;
    while open > 0 {
        open -= 1;
        let mut line = String::new();
        stream.read_line(&mut line).await.unwrap();
        let (kind, rest) = line.trim_end().split_at_checked(1).expect("an answer");
        match kind {
            "+" | ":" => answers.push(rest.to_owned()),
            "*" => open += rest.parse::<usize>().unwrap(),
            "$" => {
                let mut text = vec![0; rest.parse::<usize>().unwrap() + 2];
                stream.read_exact(&mut text).await.unwrap();
                text.truncate(text.len() - 2);
                answers.push(String::from_utf8(text).unwrap());
            }
            _ => panic!("{command:?} was answered with {line}"),
        }
    }
    answers
}
