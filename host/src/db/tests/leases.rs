use std::time::Duration;

use uuid::Uuid;

use super::{NOW, on_both_migrated};
use crate::db::lease::{acquire, release, renew};

const TERM: Duration = Duration::from_secs(30);
const ONE: Uuid = Uuid::from_u128(1);
const TWO: Uuid = Uuid::from_u128(2);

#[tokio::test]
async fn a_lease_is_held_by_one_until_it_is_released() {
    on_both_migrated(async |db| {
        let lease = acquire(&db, "cron", ONE, NOW, TERM).await.unwrap().unwrap();
        assert_eq!(lease.expires_at, NOW.plus(TERM));
        assert_eq!(acquire(&db, "cron", TWO, NOW, TERM).await.unwrap(), None);
        assert_eq!(
            acquire(&db, "cron", ONE, NOW, TERM).await.unwrap(),
            None,
            "not even twice by its holder"
        );
        assert!(acquire(&db, "other", TWO, NOW, TERM).await.unwrap().is_some());
        release(&db, &lease).await.unwrap();
        let next = acquire(&db, "cron", TWO, NOW, TERM).await.unwrap().unwrap();
        assert!(next.token > lease.token);
    })
    .await;
}

#[tokio::test]
async fn a_lease_ends_unless_it_is_renewed_and_then_is_lost_for_good() {
    on_both_migrated(async |db| {
        let lease = acquire(&db, "cron", ONE, NOW, TERM).await.unwrap().unwrap();
        let later = NOW.plus(TERM / 2);
        let lease = renew(&db, &lease, later, TERM).await.unwrap().unwrap();
        assert_eq!(
            acquire(&db, "cron", TWO, NOW.plus(TERM), TERM).await.unwrap(),
            None,
            "it was renewed"
        );
        let end = later.plus(TERM);
        assert_eq!(renew(&db, &lease, end, TERM).await.unwrap(), None, "it has ended");
        let next = acquire(&db, "cron", TWO, end, TERM).await.unwrap().unwrap();
        assert_eq!(
            renew(&db, &lease, end, TERM).await.unwrap(),
            None,
            "it is another's"
        );
        release(&db, &lease).await.unwrap();
        assert_eq!(
            acquire(&db, "cron", ONE, end, TERM).await.unwrap(),
            None,
            "the late release changed nothing"
        );
        assert_eq!(next.token, lease.token + 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_want_a_lease_at_once_one_gets_it() {
    on_both_migrated(async |db| {
        let tasks: Vec<_> = (1..=16)
            .map(|owner| {
                let db = db.clone();
                tokio::spawn(async move { acquire(&db, "cron", Uuid::from_u128(owner), NOW, TERM).await })
            })
            .collect();
        let mut held = 0;
        for task in tasks {
            held += usize::from(task.await.unwrap().unwrap().is_some());
        }
        assert_eq!(held, 1);
    })
    .await;
}
