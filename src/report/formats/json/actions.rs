//! Wire structs of the action plan.

use super::{super::super::Story, Compared, compared, round};
use crate::actions::Status;
use serde::Serialize;

/// An action, and complaints about its theme since it took effect.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct Action<'a> {
    theme: &'a str,
    is_known_theme: bool,
    action: &'a str,
    owner: Option<&'a str>,
    due: Option<String>,
    since: Option<String>,
    status: &'static str,
    complaints_since: Option<f64>,
    comments_since: Option<u64>,
    against_before: Option<Compared>,
}

pub(super) fn actions<'a>(story: &Story<'a>) -> Vec<Action<'a>> {
    let followed = story.extras.actions.iter();
    followed
        .map(|one| Action {
            theme: &one.action.theme,
            is_known_theme: one.theme.is_some(),
            action: &one.action.action,
            owner: one.action.owner.as_deref(),
            due: one.action.due.map(|day| day.to_string()),
            since: one.action.since.map(|day| day.to_string()),
            status: match one.action.status {
                Status::Planned => "planned",
                Status::Running => "running",
                Status::Done => "done",
                Status::Dropped => "dropped",
            },
            complaints_since: one.effect.and_then(|effect| effect.since.value).map(round),
            comments_since: one.effect.map(|effect| effect.since.n),
            against_before: one.effect.map(|effect| compared(&effect.against)),
        })
        .collect()
}
