// beckon_fuzz_rules: compares the engine with the slow evaluator over random rule files and journals. A difference is
// shrunk, printed, and kept as a file. Exit 0: all agree; 1: a difference; 2: usage.
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>
#include <string_view>

#include "rules/property/compare.hpp"
#include "rules/property/generate.hpp"
#include "rules/property/isolated.hpp"
#include "rules/property/shrink.hpp"

namespace beckon::property {
namespace {

constexpr const char* kUsage =
    R"(usage: beckon_fuzz_rules [--seed N] [--runs N] [--keep FOLDER] [--differences N] [--print]

  --seed N         the first seed; runs take consecutive ones (1)
  --runs N         how many scenarios (1000)
  --keep FOLDER    where a shrunk difference is written as SEED.json (nowhere)
  --differences N  stop after so many (1)
  --print          print the scenario of the seed and the slow evaluator's decisions, and run nothing
)";

struct Arguments {
  std::uint64_t seed = 1, runs = 1000, differences = 1;
  std::string keep;
  bool print = false;
};

bool parse(int argc, char** argv, Arguments& out) {
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--print") {
      out.print = true;
      continue;
    }
    if (i + 1 == argc) return false;
    const char* value = argv[++i];
    if (name == "--seed")
      out.seed = std::strtoull(value, nullptr, 10);
    else if (name == "--runs")
      out.runs = std::strtoull(value, nullptr, 10);
    else if (name == "--differences")
      out.differences = std::strtoull(value, nullptr, 10);
    else if (name == "--keep")
      out.keep = value;
    else
      return false;
  }
  return true;
}

std::optional<std::string> isolated_difference(const Scenario& scenario) {
  return difference(engine_decisions_isolated(scenario), texts(oracle_decisions(scenario)));
}

void report(const Arguments& arguments, std::uint64_t seed, const Scenario& failing) {
  Scenario small = shrink(failing, [](const Scenario& candidate) {
    return is_valid(candidate) && isolated_difference(candidate).has_value();
  });
  std::string text = case_text(small, "found by seed " + std::to_string(seed), oracle_decisions(small));
  std::cout << "seed " << seed << " differs; shrunk:\n" << text << "the engine decides:\n";
  for (const std::string& decision : engine_decisions_isolated(small)) std::cout << "  " << decision << "\n";
  std::cout << *isolated_difference(small) << "\n" << std::flush;
  if (!arguments.keep.empty()) std::ofstream(arguments.keep + "/" + std::to_string(seed) + ".json") << text;
}

int run(const Arguments& arguments) {
  std::uint64_t differing = 0, refused = 0, decided = 0;
  for (std::uint64_t seed = arguments.seed; seed < arguments.seed + arguments.runs; ++seed) {
    Scenario scenario = generate(seed);
    if (!is_valid(scenario)) {
      ++refused;
      continue;
    }
    std::vector<std::string> expected = texts(oracle_decisions(scenario));
    decided += expected.size();
    if (!difference(engine_decisions_isolated(scenario), expected)) continue;
    report(arguments, seed, scenario);
    if (++differing >= arguments.differences) break;
  }
  std::cout << arguments.runs - refused << " scenarios, " << decided << " decisions, " << refused
            << " refused by the checker, " << differing << " different\n";
  return differing == 0 ? 0 : 1;
}

}  // namespace
}  // namespace beckon::property

int main(int argc, char** argv) {
  using namespace beckon::property;
  Arguments arguments;
  if (!parse(argc, argv, arguments)) {
    std::cerr << kUsage;
    return 2;
  }
  if (!arguments.print) return run(arguments);
  Scenario scenario = generate(arguments.seed);
  std::cout << case_text(scenario, "seed " + std::to_string(arguments.seed), oracle_decisions(scenario));
  return 0;
}
