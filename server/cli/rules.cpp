#include "cli/rules.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "beckon/json/writer.hpp"
#include "beckon/rules/limits.hpp"
#include "cli/commands.hpp"

namespace beckon::cli {
namespace {

void write_place(json::Writer& w, const std::string& text, const rules::SourceRange& range) {
  const json::LineColumn begin = json::locate(text, range.begin), end = json::locate(text, range.end);
  w.key("line").number(std::int64_t{begin.line}).key("column").number(std::int64_t{begin.column});
  w.key("end_line").number(std::int64_t{end.line}).key("end_column").number(std::int64_t{end.column});
}

void write_finding(json::Writer& w, const std::string& file, const std::string& text, const rules::Diagnostic& finding) {
  w.begin_object().key("file").string(file);
  write_place(w, text, finding.where);
  w.key("severity").string(finding.severity == rules::Severity::kError ? "error" : "warning");
  w.key("code").string(finding.code).key("message").string(finding.message);
  if (!finding.hint.empty()) w.key("hint").string(finding.hint);
  if (!finding.notes.empty()) {
    w.key("notes").begin_array();
    for (const rules::Note& note : finding.notes) {
      w.begin_object();
      write_place(w, text, note.where);
      w.key("message").string(note.message).end_object();
    }
    w.end_array();
  }
  w.end_object();
}

std::string counted(std::size_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

// Words in place of numbers; any other word is refused with the list of those there are.
template <class Value>
CLI::Validator one_of(std::map<std::string, Value> words) {
  std::vector<std::string> known;
  for (const auto& [word, value] : words) known.push_back('"' + word + '"');
  const auto translate = [words = std::move(words), list = CLI::detail::join(known, " or ")](std::string& given) {
    const auto found = words.find(given);
    if (found == words.end()) return '"' + given + "\" is not " + list;
    given = std::to_string(static_cast<int>(found->second));
    return std::string();
  };
  return CLI::Validator(translate, "");
}

void add_format(CLI::App& command, Format& format) {
  command.add_option("--format", format, "text or json")
      ->transform(one_of<Format>({{"text", Format::kText}, {"json", Format::kJson}}))
      ->option_text("text|json [text]");
}

template <class Options>
void add_replay_options(CLI::App& command, Options& options, const std::string& journal) {
  command.add_option("rules", options.rules, "The rule file")->required()->type_name("RULES");
  command.add_option("--events", options.events, journal)->required()->type_name("FILE");
  command.add_option("--config", options.config, "beckon.json: time zone, opening hours and visit time-out of the site")->type_name("FILE");
  command.add_option("--site", options.site, "Which site of the configuration; its id is the salt of holdouts")->type_name("ID");
  command.add_option("--rules-from", options.rules_from, "journal: rules lines of the journal take over, as they did when it was recorded")
      ->transform(one_of<RulesFrom>({{"file", RulesFrom::kFile}, {"journal", RulesFrom::kJournal}}))
      ->option_text("file|journal [file]");
  add_format(command, options.format);
}

}  // namespace

int run_rules_check(const RulesCheckOptions& options, std::ostream& out, std::ostream& err) {
  std::size_t errors = 0, warnings = 0, unreadable = 0;
  std::string text_out;
  json::Writer w(text_out);
  if (options.format == Format::kJson) w.begin_object().key("findings").begin_array();
  for (const std::string& file : options.files) {
    const auto text = read_text(file, rules::kMaxRuleFileBytes);
    if (!text) {
      ++unreadable;
      if (options.format == Format::kJson) {
        w.begin_object().key("file").string(file).key("severity").string("error").key("code").string("unreadable");
        w.key("message").string(text.error().message).end_object();
      } else {
        err << file << ": error: " << text.error().message << '\n';
      }
      continue;
    }
    const rules::CheckResult checked = rules::check(*text);
    for (const rules::Diagnostic& finding : checked.diagnostics) {
      ++(finding.severity == rules::Severity::kError ? errors : warnings);
      if (options.format == Format::kJson) {
        write_finding(w, file, *text, finding);
      } else {
        out << rules::render(finding, file, *text, color_of(STDOUT_FILENO));
      }
    }
    if (options.format == Format::kText && checked.file && checked.diagnostics.empty()) {
      out << file << ": " << counted(checked.file->rules.size(), "rule", "rules") << ", no findings\n";
    }
  }
  const bool clean = errors + warnings + unreadable == 0;
  if (options.format == Format::kJson) {
    w.end_array().key("errors").number(static_cast<std::int64_t>(errors + unreadable));
    w.key("warnings").number(static_cast<std::int64_t>(warnings)).end_object();
    out << text_out << '\n';
  } else if (!clean) {
    out << counted(errors + unreadable, "error", "errors") << ", " << counted(warnings, "warning", "warnings") << '\n';
  }
  return clean ? 0 : 1;
}

void add_rules(CLI::App& app, int& exit_code) {
  CLI::App* group = app.add_subcommand("rules", "Check, test, replay and explain rule files");
  group->require_subcommand(1);

  auto check = std::make_shared<RulesCheckOptions>();
  CLI::App* command = group->add_subcommand("check", "Find what is wrong or doubtful in rule files");
  command->add_option("files", check->files, "Rule files")->required()->type_name("FILE");
  add_format(*command, check->format);
  command->footer("Exit code: 0 nothing found, 1 errors or warnings, 2 wrong usage.");
  command->callback([check, &exit_code] { exit_code = run_rules_check(*check, std::cout, std::cerr); });

  auto test = std::make_shared<RulesTestOptions>();
  command = group->add_subcommand("test", "Run the unit tests of rules, on a virtual clock");
  command->add_option("files", test->files, "Test files, *.test.json")->required()->type_name("FILE");
  command->add_option("--only", test->only, "Only tests whose name holds this text")->type_name("TEXT");
  add_format(*command, test->format);
  command->footer("Exit code: 0 all passed, 1 a test failed, none is of that name or a file is wrong, 2 wrong usage.");
  command->callback([test, &exit_code] { exit_code = run_rules_test(*test, std::cout, std::cerr); });

  auto replay = std::make_shared<RulesReplayOptions>();
  command = group->add_subcommand("replay", "What these rules would have done with recorded traffic");
  add_replay_options(*command, *replay, "The journal: JSON Lines, gzip or not; - is standard input");
  command->add_option("--decisions", replay->decisions, "Write every decision, JSON Lines; gzip when it ends in .gz; - is standard output")->type_name("FILE");
  command->add_option("--against", replay->against, "Other rules: show what they do differently")->type_name("RULES");
  command->footer("Exit code: 0 replayed, 1 the rules or the journal are wrong, 2 wrong usage.");
  command->callback([replay, &exit_code] { exit_code = run_rules_replay(*replay, std::cout, std::cerr); });

  auto explain = std::make_shared<RulesExplainOptions>();
  command = group->add_subcommand("explain", "Why rules decided as they did for one visitor");
  add_replay_options(*command, *explain, "The journal, a file: JSON Lines, gzip or not");
  command->add_option("--visitor", explain->visitor, "The visitor's id in the journal")->required()->type_name("V");
  command->add_option("--rule", explain->rule, "Only this rule")->type_name("ID");
  command->add_option("--tab", explain->tab, "Only this tab")->type_name("TAB");
  command->add_option("--at", explain->at, "The instant: 2026-11-21T21:40:00Z or epoch milliseconds; default the visitor's last event, or the instant before it where that is a leave")->type_name("WHEN");
  command->footer("Exit code: 0 explained, 1 nothing to explain or wrong input, 2 wrong usage.");
  command->callback([explain, &exit_code] { exit_code = run_rules_explain(*explain, std::cout, std::cerr); });

  command = group->add_subcommand("schema", "Print the JSON Schema of rule files, for editors");
  command->callback([&exit_code] {
    std::cout << rules::rule_file_schema() << '\n';
    exit_code = 0;
  });
}

}  // namespace beckon::cli
