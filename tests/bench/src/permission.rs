//! What it costs to ask whether somebody may do something.

use std::hint::black_box;
use std::time::Instant;

use anyhow::{Result, ensure};
use trovato::request::{Account, Request};
use trovato::subsystems::access::{Grant, Role};
use trovato::subsystems::{Services, Session};
use uuid::Uuid;

use crate::plan::Plan;
use crate::report::{Gate, Report, Unit};
use crate::samples::Samples;

/// Roles that somebody has.
const ROLES: usize = 4;
/// Checks that are timed together: one alone is shorter than a look at the clock.
const CHECKS: u32 = 1000;

pub async fn measure(session: &Session, plan: &Plan, report: &mut Report) -> Result<()> {
    report.group("Permissions: somebody with 4 roles, each with every third permission of the site");
    let access = &session.services().access;
    let names: Vec<String> = access
        .catalogue(session)
        .into_iter()
        .flat_map(|group| group.permissions)
        .map(|permission| permission.name)
        .collect();
    ensure!(names.len() > ROLES, "the site has too few permissions");
    let roles = roles(session, &names).await?;
    let account = account(session.services(), &roles);
    ensure!(names.iter().any(|name| account.may(name)), "nothing was granted");
    let check = |name: &str| account.may(black_box(name));
    report.gate(
        "a permission check, p50",
        per_check(plan, &names, check),
        Unit::Nanoseconds,
        Gate::AtMost(200.0),
    );
    let whole = |name: &str| access.of_roles(black_box(&roles)).contains(name);
    report.gate(
        "the same from the roles on, p50",
        per_check(plan, &names, whole),
        Unit::Nanoseconds,
        Gate::AtMost(200.0),
    );
    Ok(())
}

fn per_check(plan: &Plan, names: &[String], check: impl Fn(&str) -> bool) -> f64 {
    let mut times = Samples::default();
    for _ in 0..plan.rounds * 5 {
        let started = Instant::now();
        for name in names.iter().cycle().take(CHECKS as usize) {
            black_box(check(name));
        }
        times.add_nanoseconds(started.elapsed().as_nanos() as f64 / f64::from(CHECKS));
    }
    times.p50()
}

async fn roles(session: &Session, names: &[String]) -> Result<Vec<Uuid>> {
    let access = &session.services().access;
    let mut roles: Vec<Uuid> = Vec::new();
    for number in 0..ROLES {
        let Role { id: role, .. } = access
            .create_role(session, &format!("bench_{number}"), &format!("Bench {number}"))
            .await?;
        let granted = names.iter().skip(number).step_by(3);
        let grants: Vec<Grant> = granted
            .map(|permission| Grant {
                role,
                permission: permission.clone(),
                granted: true,
            })
            .collect();
        access.grant(session, &grants).await?;
        roles.push(role);
    }
    roles.sort();
    Ok(roles)
}

fn account(services: &Services, roles: &[Uuid]) -> Account {
    Account {
        id: Uuid::from_u128(1),
        permissions: services.access.of_roles(roles),
        ..services.access.visitor()
    }
}

/// The session of the site itself.
pub fn session(site: &trovato::subsystems::Site) -> Session {
    site.session(Request::new(Uuid::nil(), "/bench", Account::system()))
}
