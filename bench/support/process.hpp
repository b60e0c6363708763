// A program under measurement: started, asked what it has used, stopped.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace beckon::bench {

class Process {
 public:
  // What becomes of its input and output.
  enum class Talk { kNone, kLines };

  // Starts `arguments[0]`, found as a shell finds it. Its output (of Talk::kLines: only its errors) goes into the file
  // `log`, "" being this program's own standard error. Ends this program with a line when it cannot.
  Process(const std::vector<std::string>& arguments, const std::string& log, Talk talk = Talk::kNone);
  // Asks it to stop, and waits until it is gone.
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Time that its threads have been on a processor so far, for itself or in the kernel.
  [[nodiscard]] double cpu_seconds() const;
  [[nodiscard]] double resident_bytes() const;
  [[nodiscard]] double peak_resident_bytes() const;
  // How often those of its threads whose names begin like this have waited of their own will, and have therefore been
  // woken.
  [[nodiscard]] double wakes(std::string_view threads_named) const;

  // Of Talk::kLines.
  void write(std::string_view bytes);
  void close_input();
  // The next line of its output, without the break. Ends this program when there is none.
  std::string read_line();
  // Waits until it has ended by itself; its user and system time. Fails when its exit code is not 0.
  double wait_for_cpu_seconds();

 private:
  [[nodiscard]] std::vector<std::filesystem::path> threads() const;
  [[nodiscard]] double status_number(const char* key, const std::string& path) const;
  pid_t pid_;
  int input_ = -1, output_ = -1;
  std::string name_, pending_;
};

// A port of 127.0.0.1 that was free a moment ago.
[[nodiscard]] int free_port();

}  // namespace beckon::bench
