// A server under measurement: started, asked what it has used, stopped.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace beckon::bench {

class Process {
 public:
  // Starts `arguments[0]` with its output in `log`. Ends this program with a line when it cannot.
  Process(const std::vector<std::string>& arguments, const std::string& log);
  // Asks it to stop, and waits until it is gone.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // User and system time of all its threads so far. The kernel counts in hundredths of a second.
  [[nodiscard]] double cpu_seconds() const;
  [[nodiscard]] double resident_bytes() const;

 private:
  pid_t pid_;
};

// A port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] int free_port();

// Says what is wrong and ends this program.
[[noreturn]] void fail(const std::string& what);

}  // namespace beckon::bench
