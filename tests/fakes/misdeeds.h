// What the fake worker does wrong and no other program of ours does.
#pragma once

#include <cstdint>

namespace fakes {

[[noreturn]] void Crash();  // by a signal
int64_t ForkAway();         // a child in a session of its own that sleeps; its pid
void Flood(int64_t lines);  // to standard output
void IgnoreTermination();   // SIGTERM

}  // namespace fakes
