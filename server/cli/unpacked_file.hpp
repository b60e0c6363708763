// The bytes of a file as they were before gzip, where it is gzip; else as they are. Several gzip streams one behind the
// other are read as one, as gzip does, zeros between them and at the end left aside; whatever else stands behind a stream
// is an error that says where it begins: nothing is passed over in silence.
//
// Thread safety: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace beckon::cli {

class UnpackedFile {
 public:
  // "-": standard input.
  [[nodiscard]] static base::Result<std::unique_ptr<UnpackedFile>> open(const std::string& file);
  ~UnpackedFile();
  UnpackedFile(const UnpackedFile&) = delete;
  UnpackedFile& operator=(const UnpackedFile&) = delete;

  // The next bytes, at most `size` (at least 1), written to `to`; 0 at the end, or where reading stopped: see error().
  [[nodiscard]] std::size_t read(char* to, std::size_t size);
  // Why reading stopped before the end of the file; empty: it did not.
  [[nodiscard]] const std::string& error() const;
  // Whether it stopped in the middle of a stream: what was read last may be part of something.
  [[nodiscard]] bool was_cut() const;
  // Of the file's bytes; negative when their number is not known.
  [[nodiscard]] double share_read() const;

 private:
  struct State;
  explicit UnpackedFile(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace beckon::cli
