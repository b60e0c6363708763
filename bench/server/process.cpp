#include "process.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace beckon::bench {
namespace {

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

Process::Process(const std::vector<std::string>& arguments, const std::string& log) : pid_(::fork()) {
  if (pid_ < 0) fail("cannot start a process");
  if (pid_ > 0) return;
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);  // however this program ends
  const int out = ::open(log.c_str(), O_CREAT | O_TRUNC | O_WRONLY, 0644);
  ::dup2(out, 1);
  ::dup2(out, 2);
  std::vector<char*> raw;
  for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
  raw.push_back(nullptr);
  ::execv(raw[0], raw.data());
  ::_exit(127);
}

Process::~Process() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
}

double Process::cpu_seconds() const {
  const std::string text = text_of("/proc/" + std::to_string(pid_) + "/stat");
  const std::size_t end_of_name = text.rfind(')');
  if (end_of_name == std::string::npos) fail("a server has ended; its log says why");
  std::istringstream fields(text.substr(end_of_name + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;  // utime is field 14 of proc(5), stime 15
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

double Process::resident_bytes() const {
  const std::string text = text_of("/proc/" + std::to_string(pid_) + "/status");
  const std::size_t at = text.find("VmRSS:");
  if (at == std::string::npos) fail("a server has ended; its log says why");
  return std::atof(text.c_str() + at + 6) * 1024;
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

void fail(const std::string& what) {
  std::fprintf(stderr, "beckon_server_bench: %s\n", what.c_str());
  std::exit(1);
}

}  // namespace beckon::bench
