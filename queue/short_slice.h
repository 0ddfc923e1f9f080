// Asks the scheduler to let the calling thread in soon after it wakes: it works in short bursts
// between waits for the disk, and each burst holds up every sender.
//
// Any thread. Limitations: a hint. Linux before 6.12 takes it and does nothing with it.
#pragma once

namespace penstock::queue {

void ask_for_short_slices();

}  // namespace penstock::queue
