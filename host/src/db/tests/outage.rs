//! A server that goes away and comes back, played by a proxy in front of it.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::Scratch;
use crate::db::{Backend, Db, Error, Options, sql};

/// Passes connections to `address` on to `server` until it is aborted, which cuts them.
async fn proxy(address: &str, server: String) -> (SocketAddr, JoinHandle<()>) {
    let listener = TcpListener::bind(address).await.unwrap();
    let bound = listener.local_addr().unwrap();
    let task = tokio::spawn(async move {
        let mut links = JoinSet::new();
        while let Ok((mut client, _)) = listener.accept().await {
            let server = server.clone();
            links.spawn(async move {
                let mut server = TcpStream::connect(server).await.unwrap();
                copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    (bound, task)
}

#[tokio::test]
async fn a_server_that_goes_away_fails_statements_and_is_used_again_when_it_is_back() {
    let scratch = Scratch::new(Backend::Postgres).await;
    let (server, name) = scratch
        .url
        .strip_prefix("postgres://")
        .unwrap()
        .split_once('/')
        .unwrap();
    let (user, host) = server.rsplit_once('@').unwrap();
    let (bound, up) = proxy("127.0.0.1:0", host.to_owned()).await;
    let options = Options {
        acquire_timeout: Duration::from_millis(300),
        ..Options::default()
    };
    let db = Db::connect(&format!("postgres://{user}@{bound}/{name}"), &options)
        .await
        .unwrap();
    db.ping().await.unwrap();
    let mut tx = db.begin().await.unwrap();

    up.abort();
    assert!(up.await.unwrap_err().is_cancelled());
    assert!(matches!(
        tx.execute(sql("SELECT 1", ())).await,
        Err(Error::Unavailable(_))
    ));
    drop(tx);
    for _ in 0..3 {
        assert!(matches!(db.ping().await, Err(Error::Unavailable(_))));
    }

    let (_, up) = proxy(&bound.to_string(), host.to_owned()).await;
    db.ping().await.unwrap();
    db.close().await;
    up.abort();
    scratch.remove().await;
}
