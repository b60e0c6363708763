#include "app/country.hpp"

#include <maxminddb.h>

namespace beckon::app {

struct CountryDatabase::Database {
  MMDB_s mmdb{};
  bool open = false;
  ~Database() {
    if (open) MMDB_close(&mmdb);
  }
};

CountryDatabase::CountryDatabase(std::unique_ptr<Database> database) : database_(std::move(database)) {}
CountryDatabase::~CountryDatabase() = default;

base::Result<std::shared_ptr<const CountryDatabase>> CountryDatabase::open(const std::filesystem::path& file) {
  auto database = std::make_unique<Database>();
  const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, &database->mmdb);
  if (status != MMDB_SUCCESS) {
    return base::Error{base::ErrorCode::kUnavailable,
                       "cannot open the country database " + file.string() + ": " + MMDB_strerror(status)};
  }
  database->open = true;
  return std::shared_ptr<const CountryDatabase>(new CountryDatabase(std::move(database)));
}

std::string CountryDatabase::country_of(std::string_view address) const {
  int address_error = 0;
  int error = 0;
  auto found = MMDB_lookup_string(&database_->mmdb, std::string(address).c_str(), &address_error, &error);
  if (address_error != 0 || error != MMDB_SUCCESS || !found.found_entry) return {};
  MMDB_entry_data_s data{};
  const int status = MMDB_get_value(&found.entry, &data, "country", "iso_code", nullptr);
  if (status != MMDB_SUCCESS || !data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {data.utf8_string, data.data_size};
}

}  // namespace beckon::app
