#include "store/talk.hpp"

#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "store/await.hpp"
#include "support/measure.hpp"

namespace beckon::bench {
namespace {

using Clock = std::chrono::steady_clock;
const base::SiteId kSite("shop");

double milliseconds_since(Clock::time_point t) {
  return std::chrono::duration<double, std::milli>(Clock::now() - t).count();
}

double bytes_written() {
  std::ifstream io("/proc/self/io");
  for (std::string key, value; io >> key >> value;) {
    if (key == "write_bytes:") return std::stod(value);
  }
  return 0;
}

base::ConversationId conversation(std::size_t number) { return base::ConversationId("c_bench" + std::to_string(number)); }

void open_all(store::Store& store, const Talk& talk) {
  for (std::size_t i = 0; i < talk.conversations; ++i) {
    store::Conversation fresh;
    fresh.id = conversation(i);
    fresh.visitor = base::VisitorId("v_bench" + std::to_string(i));
    const auto opened = store::await<store::Conversation>(
        [&](auto& post, auto done) { store.open_conversation(kSite, fresh, post, done); });
    if (!opened) fail(opened.error().message);
  }
}

store::NewMessage message(const Talk& talk, int pass, std::size_t number) {
  store::NewMessage said;
  said.key = "bench-message-" + std::to_string(pass) + "-" + std::to_string(number);
  said.body = std::string(talk.text_bytes, 'x');
  return said;
}

}  // namespace

Heard say_at(store::Store& store, const Talk& talk, int pass) {
  open_all(store, talk);
  const auto count = static_cast<std::size_t>(talk.rate * talk.seconds);
  const auto apart = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(1 / talk.rate));
  std::vector<double> waited(count, -1);
  std::atomic<std::size_t> left{count};
  const store::Poster here = [](store::Task task) { task(); };
  const double commits = static_cast<double>(store.health().commits), written = bytes_written();
  const Clock::time_point begin = Clock::now();
  for (std::size_t i = 0; i < count; ++i) {
    const Clock::time_point due = begin + apart * static_cast<Clock::rep>(i);
    std::this_thread::sleep_until(due);
    store.append(kSite, conversation(i % talk.conversations), message(talk, pass, i), here,
                 [&waited, &left, due, i](base::Result<store::Appended> appended) {
                   if (!appended || appended->duplicate) fail("a message was not kept");
                   waited[i] = milliseconds_since(due);
                   if (--left == 0) left.notify_one();
                 });
  }
  for (std::size_t now = left; now != 0; now = left) left.wait(now);
  return {std::move(waited), static_cast<double>(store.health().commits) - commits, bytes_written() - written};
}

double say_as_fast_as_acknowledged(store::Store& store, const Talk& talk, int threads, int pass) {
  open_all(store, talk);
  std::atomic<std::size_t> next{0};
  const Clock::time_point begin = Clock::now();
  const Clock::time_point end = begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(talk.seconds));
  std::vector<std::thread> talkers;
  for (int t = 0; t < threads; ++t) {
    talkers.emplace_back([&] {
      while (Clock::now() < end) {
        const std::size_t i = next++;
        const auto kept = store::await<store::Appended>([&](auto& post, auto done) {
          store.append(kSite, conversation(i % talk.conversations), message(talk, pass, i), post, done);
        });
        if (!kept || kept->duplicate) fail("a message was not kept");
      }
    });
  }
  for (std::thread& talker : talkers) talker.join();
  return static_cast<double>(next) * 1000 / milliseconds_since(begin);
}

}  // namespace beckon::bench
