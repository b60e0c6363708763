#include "support/process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "support/measure.hpp"

namespace beckon::bench {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Ends {
  int mine = -1, its = -1;
};

// `its` is the end that the other program gets; `mine` closes when that program is started.
Ends pipe_for(int its_descriptor) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) fail("no descriptor is left for a pipe");
  return its_descriptor == STDIN_FILENO ? Ends{ends[1], ends[0]} : Ends{ends[0], ends[1]};
}

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::string& log, Talk talk)
    : name_(arguments.front()) {
  Ends in, out;
  if (talk == Talk::kLines) {
    ::signal(SIGPIPE, SIG_IGN);
    in = pipe_for(STDIN_FILENO);
    out = pipe_for(STDOUT_FILENO);
  }
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  pid_ = ::fork();
  if (pid_ < 0) fail("cannot start a process");
  if (pid_ == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // however this program ends
    ::signal(SIGPIPE, SIG_DFL);
    if (!log.empty()) {
      const int file = ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
      ::dup2(file, STDERR_FILENO);
    }
    ::dup2(talk == Talk::kLines ? out.its : STDERR_FILENO, STDOUT_FILENO);
    if (talk == Talk::kLines) ::dup2(in.its, STDIN_FILENO);
    ::execvp(raw[0], raw.data());
    ::_exit(127);
  }
  if (talk == Talk::kNone) return;
  ::close(in.its);
  ::close(out.its);
  input_ = in.mine;
  output_ = out.mine;
}

Process::~Process() {
  close_input();
  if (output_ >= 0) ::close(output_);
  if (pid_ <= 0) return;
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

double Process::cpu_seconds() const {
  double nanoseconds = 0;
  for (const auto& thread : threads()) nanoseconds += std::atof(text_of(thread / "schedstat").c_str());
  if (nanoseconds == 0) fail(name_ + " has ended; its log says why");
  return nanoseconds * 1e-9;
}

std::vector<std::filesystem::path> Process::threads() const {
  std::vector<std::filesystem::path> found;
  std::error_code gone;
  for (const auto& one : std::filesystem::directory_iterator("/proc/" + std::to_string(pid_) + "/task", gone)) {
    found.push_back(one.path());
  }
  return found;
}

double Process::status_number(const char* key, const std::string& path) const {
  const std::string text = text_of(path), name = std::string("\n") + key + ":";
  const std::size_t at = text.find(name);
  if (at == std::string::npos) fail(name_ + " has ended; its log says why");
  return std::atof(text.c_str() + at + name.size());
}

double Process::resident_bytes() const {
  return status_number("VmRSS", "/proc/" + std::to_string(pid_) + "/status") * 1024;
}

double Process::peak_resident_bytes() const {
  return status_number("VmHWM", "/proc/" + std::to_string(pid_) + "/status") * 1024;
}

double Process::wakes(std::string_view threads_named) const {
  double sum = 0;
  for (const auto& thread : threads()) {
    if (text_of(thread / "comm").starts_with(threads_named))
      sum += status_number("voluntary_ctxt_switches", thread / "status");
  }
  return sum;
}

void Process::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(input_, bytes.data(), bytes.size());
    if (count <= 0) fail(name_ + " has ended while it was written to");
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void Process::close_input() {
  if (input_ >= 0) ::close(input_);
  input_ = -1;
}

std::string Process::read_line() {
  std::size_t end;
  while ((end = pending_.find('\n')) == std::string::npos) {
    char part[16 * 1024];
    const ssize_t count = ::read(output_, part, sizeof part);
    if (count <= 0) fail(name_ + " has ended without an answer");
    pending_.append(part, static_cast<std::size_t>(count));
  }
  std::string line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  return line;
}

double Process::wait_for_cpu_seconds() {
  int status = 0;
  rusage used{};
  if (::wait4(pid_, &status, 0, &used) != pid_) fail("cannot wait for " + name_);
  pid_ = -1;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) fail(name_ + " has failed");
  return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

int free_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0) fail("no port is free");
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

}  // namespace beckon::bench
