// The country of an address, from a MaxMind database (GeoLite2-Country, DB-IP and others in that format), where one is
// configured. Nothing is asked of anybody: the file is on this machine.
//
// Thread safety: immutable; may be called from any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace beckon::app {

class CountryDatabase {
 public:
  // Errors: one clear line with the file's name.
  [[nodiscard]] static base::Result<std::shared_ptr<const CountryDatabase>> open(const std::filesystem::path& file);
  ~CountryDatabase();
  CountryDatabase(const CountryDatabase&) = delete;
  CountryDatabase& operator=(const CountryDatabase&) = delete;

  // ISO 3166 alpha-2, upper case; empty when the database does not know.
  [[nodiscard]] std::string country_of(std::string_view address) const;

 private:
  struct Database;
  explicit CountryDatabase(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace beckon::app
