// The servers under measurement, each a process with a folder of its own.
#pragma once

#include <filesystem>
#include <string>

#include "support/process.hpp"

namespace beckon::bench {

// The programs to run.
struct Programs {
  std::string beckon;  // build/…/beckon
  std::string echo;    // build/…/beckon_bench_echo
  std::string ws;      // bench/peers/ws_echo.mjs; empty: without it
};

// A temporary folder, gone with its owner.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// `beckon serve`: one shard, SQLite on disk, consent granted, rates unlimited; each site with the first `rules` rules
// of LC-RULES-1 and one more, which makes an offer on pages under /offer/.
class BeckonServer {
 public:
  struct Size {
    int sites = 1, rules = 100;
  };
  BeckonServer(const Programs& programs, Size size);
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const Process& process() const { return process_; }

 private:
  Folder folder_;
  int port_ = free_port();
  Process process_;
};

// An echo and nothing else.
class EchoServer {
 public:
  enum class Kind { kBeast, kWs };
  EchoServer(const Programs& programs, Kind kind);
  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] const Process& process() const { return process_; }

 private:
  Folder folder_;
  int port_ = free_port();
  Process process_;
};

}  // namespace beckon::bench
