// Recorded-like traffic as lines of a journal (docs/rules.md, section 8), made while it is read: nothing is stored.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lc_traffic.hpp"

namespace beckon::bench {

class Journal {
 public:
  virtual ~Journal() = default;
  // Appends the next lines to `out`; false when there are none.
  virtual bool more(std::string& out) = 0;
  [[nodiscard]] std::uint64_t lines() const { return lines_; }  // given so far

 protected:
  std::uint64_t lines_ = 0;
};

// The traffic of LC-RULES-1: a thousand visitors at a time, each a newcomer who stays for some thirty lines; a third
// are known from before and begin with a `visitor` line.
class GeneratedJournal final : public Journal {
 public:
  explicit GeneratedJournal(std::uint64_t lines) : left_(lines) {}
  bool more(std::string& out) override;

 private:
  void write(const BenchEvent& event, std::string& out);
  void write_newcomer(const BenchEvent& event, std::string& out);

  static constexpr int kVisitors = 1'000;
  Traffic traffic_{1, kVisitors};
  std::uint64_t left_;
  std::vector<int> generation_ = std::vector<int>(kVisitors);  // 0: nobody has been there yet
};

// A recorded file, several times one after the other: each time a day after the end of the last, with other visitors.
class RepeatedJournal final : public Journal {
 public:
  struct Line {
    std::int64_t t;
    std::string visitor, rest;  // rest: what is behind the visitor's id, from its quote on
  };
  using Recording = std::vector<Line>;
  // A file, gzip or not, whose lines begin with {"t":NUMBER,"visitor":"ID". Ends this program where one does not.
  static std::shared_ptr<const Recording> read(const std::string& file);

  RepeatedJournal(std::shared_ptr<const Recording> recording, int times)
      : recording_(std::move(recording)), times_(times) {}
  bool more(std::string& out) override;

 private:
  std::shared_ptr<const Recording> recording_;
  int times_, time_ = 0;
  std::size_t next_ = 0;
};

// The rules of LC-RULES-1 with the sections, pages and countries of a recording in place of their own, by how common
// they are.
void adapt_rules(Workload& workload, const RepeatedJournal::Recording& recording);

}  // namespace beckon::bench
