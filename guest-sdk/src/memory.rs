//! Where a plugin's memory comes from.
//!
//! The allocator is made for WebAssembly: a tap allocates its strings and nodes several times faster than with the one
//! of the standard library. Its first heap is part of the memory that every instance starts with, so that a tap that
//! needs little never asks the host for more, which would cost more than the tap.

#![expect(unsafe_code, reason = "an allocator is handed raw memory")]

use core::alloc::Layout;
use core::arch::wasm32::memory_grow;
use core::mem::MaybeUninit;
use core::ptr::{NonNull, addr_of_mut};

use talc::base::Talc;
use talc::base::binning::Binning;
use talc::cell::TalcSyncCell;
use talc::source::Source;
use talc::wasm::WasmBinning;

/// The size of the first heap, in bytes.
const FIRST: usize = 128 << 10;
/// The size of a page of memory, in bytes (WebAssembly core specification, 4.2.8).
const PAGE: usize = 64 << 10;
/// What the allocator itself needs of a heap beyond what is asked for, in bytes, and then some.
const OVERHEAD: usize = 1 << 10;

static mut HEAP: [MaybeUninit<u8>; FIRST] = [MaybeUninit::uninit(); FIRST];

#[global_allocator]
static ALLOCATOR: TalcSyncCell<Memory, WasmBinning> = TalcSyncCell::new_wasm(Memory {
    has_first: false,
    end: None,
});

/// The first heap, then a second one that grows by as many pages as are needed.
#[derive(Debug)]
struct Memory {
    has_first: bool,
    /// The end of the second heap.
    end: Option<NonNull<u8>>,
}

// SAFETY: nothing here allocates.
unsafe impl Source for Memory {
    fn acquire<B: Binning>(talc: &mut Talc<Self, B>, layout: Layout) -> Result<(), ()> {
        if !talc.source.has_first {
            talc.source.has_first = true;
            // SAFETY: it is handed over once and nothing else names it.
            if unsafe { talc.claim(addr_of_mut!(HEAP).cast(), FIRST) }.is_some() {
                return Ok(());
            }
        }
        let needed = layout
            .size()
            .saturating_add(layout.align())
            .saturating_add(OVERHEAD);
        // No page more: the host ends a call that asks for more than its plugin was granted.
        let pages = needed.div_ceil(PAGE);
        let end = memory_grow::<0>(pages);
        if end == usize::MAX {
            return Err(());
        }
        let new = (end * PAGE) as *mut u8;
        talc.source.end = match talc.source.end {
            // SAFETY: the pages follow the heap, and they are new: nobody else has them.
            Some(heap) if heap.as_ptr() == new => {
                Some(unsafe { talc.extend(heap, new.wrapping_add(pages * PAGE)) })
            }
            // SAFETY: the pages are new: nobody else has them.
            _ => unsafe { talc.claim(new, pages * PAGE) },
        };
        Ok(())
    }
}
