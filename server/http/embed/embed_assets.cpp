// Turns folders into a C++ file: every file as it is, and compressed where that saves something.
//
//   embed_assets OUT.cpp GROUP=DIR…
//
// A folder that is a group of its own is no part of the group around it.
//
// The bytes go into files beside OUT.cpp, which it pulls in with .incbin: a compiler takes minutes over arrays of
// numbers.
#include <brotli/encode.h>
#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

// What a browser is told; a file of another kind is not for browsers and stays out, save the demo's rules.
const std::map<std::string, std::string>& types() {
  static const std::map<std::string, std::string> table = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
      {".json", "application/json"},         {".png", "image/png"},
      {".webp", "image/webp"},               {".jpg", "image/jpeg"},
      {".woff2", "font/woff2"},              {".ico", "image/x-icon"},
  };
  return table;
}

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string gzipped(const std::string& text) {
  z_stream z{};
  constexpr int kGzipWindow = 15 + 16;
  if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 9, Z_DEFAULT_STRATEGY) != Z_OK) return {};
  std::string out(deflateBound(&z, text.size()), '\0');
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  z.avail_in = static_cast<uInt>(text.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  const int result = deflate(&z, Z_FINISH);
  out.resize(z.total_out);
  deflateEnd(&z);
  return result == Z_STREAM_END ? out : std::string();
}

std::string brotlied(const std::string& text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string out(size, '\0');
  const auto* in = reinterpret_cast<const std::uint8_t*>(text.data());
  const bool fine = BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_MAX_WINDOW_BITS, BROTLI_MODE_TEXT, text.size(), in,
                                          &size, reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(fine ? size : 0);
  return out;
}

// FNV-1a: enough to tell two versions of one file apart.
std::string tag_of(const std::string& text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
  char out[17];
  std::snprintf(out, sizeof out, "%016llx", static_cast<unsigned long long>(hash));
  return out;
}

struct File {
  std::string path;  // "shop/js/app.js"
  fs::path source;
};

std::vector<File> files_of(const std::string& group, const fs::path& dir, const std::vector<fs::path>& groups) {
  std::vector<File> files;
  if (!fs::is_directory(dir)) return files;
  for (auto entry = fs::recursive_directory_iterator(dir); entry != fs::recursive_directory_iterator(); ++entry) {
    const fs::path path = entry->path();
    if (std::find(groups.begin(), groups.end(), path) != groups.end()) entry.disable_recursion_pending();
    if (!entry->is_regular_file() || !types().contains(path.extension().string())) continue;
    files.push_back({group + '/' + fs::relative(path, dir).generic_string(), path});
  }
  return files;
}

class Generator {
 public:
  explicit Generator(fs::path out) : out_(std::move(out)) {}

  void add(const File& file) {
    const std::string text = read_file(file.source);
    const std::string name = "asset_" + std::to_string(count_++);
    blob(name + "_raw", text);
    const std::string gzip = blob_if_smaller(name + "_gz", gzipped(text), text.size());
    const std::string brotli = blob_if_smaller(name + "_br", brotlied(text), text.size());
    rows_ << "    {\"" << file.path << "\", \"" << types().at(file.source.extension().string()) << "\", \""
          << tag_of(text) << "\",\n     view(" << name << "_raw, " << name << "_raw_end), " << gzip << ", " << brotli
          << "},\n";
  }

  void write() const {
    std::ostringstream text;
    text << "// Made by embed_assets.\n#include \"http/assets.hpp\"\n\n" << blobs_.str()
         << "\nnamespace beckon::http {\nnamespace {\n\n"
         << "std::string_view view(const char* begin, const char* end) {\n"
         << "  return {begin, static_cast<std::size_t>(end - begin)};\n}\n\n}  // namespace\n\n"
         << "const std::vector<Asset>& assets() {\n  static const std::vector<Asset> table = {\n"
         << rows_.str() << "  };\n  return table;\n}\n\n}  // namespace beckon::http\n";
    write_file(out_, text.str());
  }

 private:
  void blob(const std::string& name, const std::string& bytes) {
    const fs::path file = fs::path(out_.string() + '.' + name);
    write_file(file, bytes);
    blobs_ << "extern \"C\" const char " << name << "[];\nextern \"C\" const char " << name << "_end[];\n"
           << "asm(\".section .rodata\\n.global " << name << "\\n" << name << ":\\n.incbin \\\"" << file.string()
           << "\\\"\\n.global " << name << "_end\\n" << name << "_end:\\n.byte 0\\n.previous\\n\");\n";
  }

  std::string blob_if_smaller(const std::string& name, const std::string& bytes, std::size_t than) {
    if (bytes.empty() || bytes.size() >= than) return "{}";
    blob(name, bytes);
    return "view(" + name + ", " + name + "_end)";
  }

  fs::path out_;
  int count_ = 0;
  std::ostringstream blobs_;
  std::ostringstream rows_;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 2) {
    std::cerr << "usage: embed_assets OUT.cpp GROUP=DIR…\n";
    return 2;
  }
  std::vector<std::string> names;
  std::vector<fs::path> dirs;
  for (int i = 2; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    names.push_back(argument.substr(0, equals));
    dirs.emplace_back(argument.substr(equals + 1));
  }
  std::vector<File> files;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto more = files_of(names[i], dirs[i], dirs);
    files.insert(files.end(), more.begin(), more.end());
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.path < b.path; });
  Generator generator(argv[1]);
  for (const File& file : files) generator.add(file);
  generator.write();
  return 0;
} catch (const std::exception& e) {
  std::cerr << "embed_assets: " << e.what() << '\n';
  return 1;
}
