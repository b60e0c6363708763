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
  FileSink(std::filesystem::path file, gzFile out) : file_(std::move(file)), out_(out) {}
  ~FileSink() override {
    if (!out_) return;
    gzclose(out_);
    std::error_code ignored;
    std::filesystem::remove(part(file_), ignored);
  }

  static std::filesystem::path part(const std::filesystem::path& file) { return file.string() + ".part"; }

  base::Status write(std::string_view line) override {
    const auto size = static_cast<unsigned>(line.size());
    const bool kept =
        (size == 0 || gzwrite(out_, line.data(), size) == static_cast<int>(size)) && gzputc(out_, '\n') == '\n';
    return kept ? base::Status() : cannot_write(file_.string());
  }

  base::Status finish() override {
    const int closed = gzclose(std::exchange(out_, nullptr));
    std::error_code moved;
    if (closed == Z_OK) std::filesystem::rename(part(file_), file_, moved);
    if (closed == Z_OK && !moved) return {};
    std::error_code ignored;
    std::filesystem::remove(part(file_), ignored);
    return cannot_write(file_.string());
  }

 private:
  const std::filesystem::path file_;
  gzFile out_;
};

}  // namespace

std::unique_ptr<LineSink> sink_to(std::ostream& out) { return std::make_unique<StreamSink>(out); }

base::Result<std::unique_ptr<LineSink>> sink_to(const std::filesystem::path& file) {
  const bool compressed = file.extension() == ".gz";
  gzFile out = gzopen(FileSink::part(file).c_str(), compressed ? "wb6" : "wbT");
  if (!out) return cannot_write(file.string() + ": " + std::generic_category().message(errno));
  return std::unique_ptr<LineSink>(std::make_unique<FileSink>(file, out));
}

}  // namespace beckon::cli
