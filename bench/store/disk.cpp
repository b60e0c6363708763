#include "store/disk.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <string>

#include "support/measure.hpp"

namespace beckon::bench {

std::vector<double> flush_times(const std::filesystem::path& folder, int times) {
  const std::filesystem::path file = folder / "flushed";
  const int out = ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (out < 0) fail("cannot write " + file.string());
  const std::string block(24 * 1024, 'x');
  std::vector<double> taken;
  for (int i = 0; i < times; ++i) {
    const auto begin = std::chrono::steady_clock::now();
    if (::write(out, block.data(), block.size()) != static_cast<ssize_t>(block.size()) || ::fdatasync(out) != 0) {
      fail("cannot write " + file.string());
    }
    taken.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
  }
  ::close(out);
  std::filesystem::remove(file);
  return taken;
}

}  // namespace beckon::bench
