#include "cli/report.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "beckon/json/writer.hpp"
#include "cli/commands.hpp"

namespace beckon::cli {
namespace {

using store::RuleResult;

struct SiteReport {
  base::SiteId site;
  std::vector<RuleResult> rules;
};

// Of the offers that were really displayed. An acceptance whose display was never reported counts as displayed.
std::optional<Share> acceptance(const RuleResult& rule) {
  const std::uint64_t displayed = std::max(rule.shown, rule.accepted);
  if (displayed == 0) return std::nullopt;
  return wilson_share(rule.accepted, displayed);
}

struct Column {
  const char* name;
  std::uint64_t RuleResult::*count;
};
constexpr std::array kColumns{
    Column{"eligible", &RuleResult::eligible},   Column{"control", &RuleResult::control},
    Column{"shadow", &RuleResult::shadow},       Column{"shown", &RuleResult::shown},
    Column{"accepted", &RuleResult::accepted},   Column{"dismissed", &RuleResult::dismissed},
    Column{"withdrawn", &RuleResult::withdrawn}, Column{"ignored", &RuleResult::ignored},
};

std::string percent(double share) {
  const auto tenths = static_cast<std::int64_t>(std::llround(share * 1000));
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::string in_words(const std::optional<Share>& share) {
  if (!share) return "-";
  return percent(share->rate) + " % (" + percent(share->low) + " to " + percent(share->high) + ")";
}

void write_rule(json::Writer& out, const RuleResult& rule) {
  out.begin_object().key("rule").string(rule.rule.text());
  for (const Column& column : kColumns) out.key(column.name).number(static_cast<std::int64_t>(rule.*column.count));
  out.key("acceptance");
  if (const auto share = acceptance(rule)) {
    out.begin_object()
        .key("rate")
        .number(share->rate)
        .key("low")
        .number(share->low)
        .key("high")
        .number(share->high)
        .end_object();
  } else {
    out.null();
  }
  out.end_object();
}

void write_json(const std::vector<SiteReport>& reports, std::ostream& out) {
  std::string text;
  json::Writer w(text);
  w.begin_object().key("sites").begin_array();
  for (const SiteReport& report : reports) {
    w.begin_object().key("site").string(report.site.text()).key("rules").begin_array();
    for (const RuleResult& rule : report.rules) write_rule(w, rule);
    w.end_array().end_object();
  }
  w.end_array().end_object();
  out << text << '\n';
}

void write_row(std::ostream& out, const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string padding(widths[i] - std::min(widths[i], cells[i].size()), ' ');
    line += i == 0 ? cells[i] + padding : "  " + padding + cells[i];
  }
  out << line << '\n';
}

void write_table(const SiteReport& report, std::ostream& out) {
  out << "Site " << report.site.text() << '\n';
  if (report.rules.empty()) {
    out << "No rule was eligible yet.\n";
    return;
  }
  std::vector<std::vector<std::string>> rows(1);
  rows[0] = {"rule"};
  for (const Column& column : kColumns) rows[0].emplace_back(column.name);
  rows[0].emplace_back("accepted of shown, 95 %");
  for (const RuleResult& rule : report.rules) {
    std::vector<std::string> row{rule.rule.text()};
    for (const Column& column : kColumns) row.push_back(std::to_string(rule.*column.count));
    row.push_back(in_words(acceptance(rule)));
    rows.push_back(std::move(row));
  }
  std::vector<std::size_t> widths(rows[0].size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  for (const auto& row : rows) write_row(out, row, widths);
}

base::Result<std::vector<SiteReport>> gather(const ReportOptions& options) {
  const auto span = read_span(options.since, options.until);
  if (!span) return span.error();
  auto reader = open_reader(options.source);
  if (!reader) return reader.error();
  std::vector<base::SiteId> sites;
  if (options.site.empty()) {
    auto all = (*reader)->sites();
    if (!all) return all.error();
    sites = std::move(*all);
  } else {
    auto one = choose_site(**reader, options.site);
    if (!one) return one.error();
    sites.push_back(std::move(*one));
  }
  std::vector<SiteReport> reports;
  for (const base::SiteId& site : sites) {
    auto rules = (*reader)->results(site, *span);
    if (!rules) return rules.error();
    reports.push_back({site, std::move(*rules)});
  }
  return reports;
}

}  // namespace

Share wilson_share(std::uint64_t part, std::uint64_t of) {
  constexpr double kZ = 1.959963984540054;  // the normal distribution's 97.5 % quantile
  const double n = static_cast<double>(of), p = static_cast<double>(part) / n, z2 = kZ * kZ;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kZ / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

int run_report(const ReportOptions& options, std::ostream& out, std::ostream& err) {
  const auto reports = gather(options);
  if (!reports) {
    err << "beckon report: " << reports.error().message << '\n';
    return 1;
  }
  if (options.format == ReportFormat::kJson) {
    write_json(*reports, out);
    return 0;
  }
  if (reports->empty()) out << "No visitor came yet.\n";
  for (std::size_t i = 0; i < reports->size(); ++i) {
    if (i > 0) out << '\n';
    write_table((*reports)[i], out);
  }
  return 0;
}

void add_report(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand("report", "What became of each rule's offers");
  add_data_options(*command, options->source);
  command->add_option("--site", options->site, "One site alone; default all")->type_name("ID");
  command->add_option("--since", options->since, "From this instant on, UTC: 2026-11-21 or 2026-11-21T21:40:00Z")
      ->type_name("WHEN");
  command->add_option("--until", options->until, "Before this instant")->type_name("WHEN");
  command->add_option("--format", options->format, "table or json; default table")
      ->transform(CLI::CheckedTransformer(std::map<std::string, ReportFormat>{{"table", ReportFormat::kTable},
                                                                              {"json", ReportFormat::kJson}}));
  command->callback([options, &exit_code] { exit_code = run_report(*options, std::cout, std::cerr); });
}

}  // namespace beckon::cli
