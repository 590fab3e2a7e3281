//! The widest registers the processor at hand has, for sums that are the same with narrow ones.

use pulp::Arch;

/// Does the work with instructions that this processor has and others may not.
///
/// Numbers are multiplied and added one for one and in the order written, whatever the width: no product is joined with a
/// sum, so the bits are those of any machine. Only what is inlined into the work gains by it.
#[inline(always)]
pub fn widely<R>(work: impl FnOnce() -> R) -> R {
    Arch::new().dispatch(work)
}
