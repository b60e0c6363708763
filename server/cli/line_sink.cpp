#include "cli/line_sink.hpp"

#include <zlib.h>

#include <cerrno>
#include <ostream>
#include <string>
#include <system_error>
#include <utility>

namespace beckon::cli {
namespace {

base::Error cannot_write(const std::string& what) { return {base::ErrorCode::kUnavailable, "cannot write " + what}; }

class StreamSink final : public LineSink {
 public:
  explicit StreamSink(std::ostream& out) : out_(out) {}
  base::Status write(std::string_view line) override {
    out_ << line << '\n';
    return state();
  }
  base::Status finish() override {
    out_.flush();
    return state();
  }

 private:
  base::Status state() const { return out_ ? base::Status() : cannot_write("the output"); }
  std::ostream& out_;
};

// zlib writes plain files too ("wT").
class FileSink final : public LineSink {
 public:
  // Written is `part`, which takes the place of `file` at last; both are the same where nothing may take its place.
  FileSink(std::filesystem::path file, std::filesystem::path part, gzFile out)
      : file_(std::move(file)), part_(std::move(part)), out_(out) {}
  ~FileSink() override {
    if (!out_) return;
    gzclose(out_);
    remove_part();
  }

  base::Status write(std::string_view line) override {
    const auto size = static_cast<unsigned>(line.size());
    const bool kept =
        (size == 0 || gzwrite(out_, line.data(), size) == static_cast<int>(size)) && gzputc(out_, '\n') == '\n';
    return kept ? base::Status() : cannot_write(file_.string());
  }

  base::Status finish() override {
    const int closed = gzclose(std::exchange(out_, nullptr));
    std::error_code moved;
    if (closed == Z_OK && part_ != file_) std::filesystem::rename(part_, file_, moved);
    if (closed == Z_OK && !moved) return {};
    remove_part();
    return cannot_write(file_.string());
  }

 private:
  void remove_part() const {
    std::error_code ignored;
    if (part_ != file_) std::filesystem::remove(part_, ignored);
  }
  const std::filesystem::path file_, part_;
  gzFile out_;
};

// Through a link to what it names: the link stays.
std::filesystem::path target_of(const std::filesystem::path& file) {
  std::error_code none;
  const std::filesystem::path target = std::filesystem::canonical(file, none);
  return none ? file : target;
}

// A device or a pipe is written to where it is; a file of its name would put an end to it.
bool is_device(const std::filesystem::path& file) {
  std::error_code none;
  return std::filesystem::is_other(std::filesystem::status(file, none));
}

}  // namespace

std::unique_ptr<LineSink> sink_to(std::ostream& out) { return std::make_unique<StreamSink>(out); }

base::Result<std::unique_ptr<LineSink>> sink_to(const std::filesystem::path& file) {
  const bool compressed = file.extension() == ".gz";
  const std::filesystem::path target = is_device(file) ? file : target_of(file);
  const std::filesystem::path part = is_device(file) ? file : std::filesystem::path(target.string() + ".part");
  gzFile out = gzopen(part.c_str(), compressed ? "wb6" : "wbT");
  if (!out) return cannot_write(file.string() + ": " + std::generic_category().message(errno));
  return std::unique_ptr<LineSink>(std::make_unique<FileSink>(target, part, out));
}

}  // namespace beckon::cli
