#include "rules/property/isolated.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <sstream>

#include "rules/property/compare.hpp"

namespace beckon::property {
namespace {

constexpr unsigned kMaxSeconds = 20;

[[noreturn]] void decide_in_child(const Scenario& scenario, int out) {
  alarm(kMaxSeconds);
  std::string text;
  for (const std::string& decision : engine_decisions(scenario)) text += decision + "\n";
  for (std::size_t done = 0; done < text.size();) {
    ssize_t written = write(out, text.data() + done, text.size() - done);
    if (written <= 0) break;
    done += static_cast<std::size_t>(written);
  }
  _exit(0);
}

std::string read_all(int in) {
  std::string text;
  char buffer[4096];
  for (ssize_t n; (n = read(in, buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  return text;
}

}  // namespace

std::vector<std::string> engine_decisions_isolated(const Scenario& scenario) {
  int ends[2];
  if (pipe(ends) != 0) return {"no pipe"};
  std::fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    decide_in_child(scenario, ends[1]);
  }
  close(ends[1]);
  std::istringstream text(read_all(ends[0]));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) return {"crashed: signal " + std::to_string(WTERMSIG(status))};
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace beckon::property
