#include "cli/password_prompt.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <fstream>
#include <optional>

#include "operators/limits.hpp"
#include "operators/password.hpp"

namespace beckon::cli {
namespace {

base::Error invalid(std::string why) { return {base::ErrorCode::kInvalid, std::move(why)}; }

// The terminal without its echo. Its keys make no signals meanwhile: one would leave it without echo.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
    silent.c_lflag |= ICANON;
    works_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (works_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  [[nodiscard]] bool works() const { return works_; }

  // nullopt: Ctrl-C, Ctrl-D, or the terminal is gone.
  std::optional<std::string> ask(std::string_view question) const {
    say(question);
    std::string line;
    char c = 0;
    while (::read(fd_, &c, 1) == 1 && c != '\n') {
      if (c == '\x03') return say("\n"), std::nullopt;
      line += c;
    }
    say("\n");
    return c == '\n' ? std::optional(line) : std::nullopt;
  }

 private:
  void say(std::string_view text) const {
    if (::write(fd_, text.data(), text.size()) < 0) return;  // reading will fail too, and says so
  }
  int fd_;
  termios before_{};
  bool works_ = false;
};

base::Result<std::string> ask_twice() {
  const SilentTerminal terminal;
  if (!terminal.works()) return invalid("there is no terminal to ask for the password: name a file with --password-file");
  const auto first = terminal.ask("Password: ");
  if (!first) return invalid("broken off");
  if (std::string wrong = operators::complaint_about_password(*first); !wrong.empty()) return invalid(std::move(wrong));
  const auto second = terminal.ask("The same again: ");
  if (!second) return invalid("broken off");
  if (*first != *second) return invalid("these were two different passwords");
  return *first;
}

base::Result<std::string> read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(operators::kMaxPasswordBytes + 3, '\0');
  if (!in || (in.read(text.data(), static_cast<std::streamsize>(text.size())), in.bad()))
    return invalid("cannot read " + file.string());
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  if (std::string wrong = operators::complaint_about_password(text); !wrong.empty())
    return invalid(file.string() + ": " + wrong);
  return text;
}

}  // namespace

base::Result<std::string> read_password(const std::filesystem::path& file) {
  return file.empty() ? ask_twice() : read_file(file);
}

}  // namespace beckon::cli
