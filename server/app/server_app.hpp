// The server as a whole: reads its files, opens the store, listens, serves until it is told to stop, and on the way
// takes in files that changed.
//
//   return app::serve(options, std::cout, std::cerr);
//
// Signals: SIGTERM and SIGINT stop it within base::kStopWithin, a second one at once; SIGHUP reads the files again.
#pragma once

#include <iosfwd>

#include "app/settings.hpp"

namespace beckon::app {

// Runs until a signal stops it. What is wrong at the start goes to `err` in one clear line, or with lines and carets;
// what to open goes to `out`. Returns the exit code: 0 stopped in order, 1 could not start, or could not stop in order.
[[nodiscard]] int serve(const ServeOptions& options, std::ostream& out, std::ostream& err);

}  // namespace beckon::app
