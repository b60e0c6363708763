#include "store/chat_sweep.hpp"

#include <utility>

#include "store/limits.hpp"

namespace beckon::store {
namespace {

constexpr std::int64_t kConversationStretch = 500;
constexpr std::size_t kContentStretch = 500;

enum class GoneKind : std::int64_t { kConversation, kTask };

// Deletes, and remembers which contents have to follow.
class Remover {
 public:
  Remover(Database& db, std::int64_t site, std::vector<base::FileId>& contents)
      : db_(db), site_(site), contents_(contents) {}

  void conversations(const char* where, std::string_view text, std::int64_t number) {
    std::vector<std::pair<std::int64_t, std::string>> rows;
    Statement find(db_, (std::string("SELECT number, id FROM conversation WHERE site = ?1 AND ") + where).c_str());
    for (find.with(site_, text, number); find.next();) rows.emplace_back(find.integer(0), find.text(1));
    for (const auto& [row, id] : rows) {
      run("INSERT OR IGNORE INTO doomed (conversation) VALUES (?)", row);
      run("DELETE FROM context WHERE conversation = ?", row);
      removed_ += run("DELETE FROM conversation WHERE number = ?", row);
      files("conversation = ?2 AND ?3 = 0", id, 0);
      tell(GoneKind::kConversation, id);
    }
  }

  void tasks(const char* where, std::string_view text, std::int64_t number) {
    std::vector<std::string> ids;
    Statement find(db_, (std::string("SELECT id FROM task WHERE site = ?1 AND ") + where).c_str());
    for (find.with(site_, text, number); find.next();) ids.emplace_back(find.text(0));
    for (const std::string& id : ids) {
      removed_ += run("DELETE FROM task WHERE id = ?", id);
      tell(GoneKind::kTask, id);
    }
  }

  void files(const char* where, std::string_view text, std::int64_t number) {
    const std::size_t first = contents_.size();
    Statement find(db_, (std::string("SELECT id FROM file WHERE site = ?1 AND ") + where).c_str());
    for (find.with(site_, text, number); find.next();) contents_.emplace_back(find.text(0));
    for (std::size_t i = first; i < contents_.size(); ++i) {
      removed_ += run("DELETE FROM file WHERE id = ?", contents_[i].text());
    }
  }

  // Of what is gone only so much is remembered.
  void prune_gone() {
    for (const GoneKind what : {GoneKind::kConversation, GoneKind::kTask}) {
      run("DELETE FROM gone WHERE site = ?1 AND what = ?2 AND change <= (SELECT change FROM gone WHERE site = ?1"
          " AND what = ?2 ORDER BY change DESC LIMIT 1 OFFSET ?3)",
          site_, static_cast<std::int64_t>(what), static_cast<std::int64_t>(kMaxGone));
    }
  }

  [[nodiscard]] std::uint64_t removed() const { return removed_; }

 private:
  template <class... Values>
  std::uint64_t run(const char* sql, const Values&... values) {
    Statement(db_, sql).with(values...).run();
    return db_.failed() ? 0 : static_cast<std::uint64_t>(db_.changes());
  }

  // Whoever follows the site is to forget it.
  void tell(GoneKind what, const std::string& id) {
    run("INSERT INTO site_change (site, change) VALUES (?, 1) ON CONFLICT (site) DO UPDATE SET change = change + 1",
        site_);
    run("INSERT INTO gone (site, change, what, id) SELECT site, change, ?, ? FROM site_change WHERE site = ?",
        static_cast<std::int64_t>(what), id, site_);
  }

  Database& db_;
  const std::int64_t site_;
  std::vector<base::FileId>& contents_;
  std::uint64_t removed_ = 0;
};

// Contents whose rows are gone for good.
class Contents final : public SweepPart {
 public:
  Contents(std::vector<base::FileId> files, const FileShelf& shelf) : files_(std::move(files)), shelf_(shelf) {}
  bool step(Database&, std::uint64_t&) override {
    for (std::size_t i = 0; i < kContentStretch && !files_.empty(); ++i) {
      shelf_.remove(files_.back());
      files_.pop_back();
    }
    return !files_.empty();
  }

 private:
  std::vector<base::FileId> files_;
  const FileShelf shelf_;
};

class DoomedMessages final : public SweepPart {
 public:
  bool step(Database& db, std::uint64_t& removed) override {
    const auto conversation = db.number("SELECT min(conversation) FROM doomed");
    if (!conversation) return false;
    Statement gone(db,
                   "DELETE FROM message WHERE conversation = ?1 AND seq <= (SELECT max(seq) FROM (SELECT seq FROM"
                   " message WHERE conversation = ?1 ORDER BY seq LIMIT ?2))");
    gone.with(*conversation, static_cast<std::int64_t>(kPurgeStretch)).run();
    if (db.failed()) return false;
    removed += static_cast<std::uint64_t>(db.changes());
    if (db.changes() < static_cast<std::int64_t>(kPurgeStretch)) {
      Statement(db, "DELETE FROM doomed WHERE conversation = ?").with(*conversation).run();
    }
    return true;
  }
};

class OldChat final : public SweepPart {
 public:
  OldChat(std::int64_t site, Instant before, Instant unsaid_before, const FileShelf& shelf)
      : site_(site), before_(rules::to_ms(before)), unsaid_before_(rules::to_ms(unsaid_before)), shelf_(shelf) {}

  // Looks through the conversations in the order of their last change, which is about that of their last message.
  bool step(Database& db, std::uint64_t& removed) override {
    contents_.clear();
    Statement last(db,
                   "SELECT max(change) FROM (SELECT change FROM conversation WHERE site = ? AND change > ?"
                   " ORDER BY change LIMIT ?)");
    last.with(site_, from_, kConversationStretch);
    const bool more = last.next() && !last.is_null(0);
    const std::int64_t to = more ? last.integer(0) : INT64_MAX;
    last.reset();
    Remover remover(db, site_, contents_);
    remover.conversations(
        ("max(last_at, created) < ?3 AND ?2 = '' AND change > " + std::to_string(from_) + " AND change <= " +
         std::to_string(to)).c_str(), "", before_);
    if (!more) {
      remover.tasks("?2 = '' AND t < ?3", "", before_);
      remover.files("conversation = ?2 AND at < ?3", "", unsaid_before_);
    }
    remover.prune_gone();
    removed += remover.removed();
    from_ = to;
    return more;
  }
  void committed() override {
    for (const base::FileId& file : contents_) shelf_.remove(file);
  }

 private:
  const std::int64_t site_, before_, unsaid_before_;
  const FileShelf shelf_;
  std::int64_t from_ = 0;
  std::vector<base::FileId> contents_;
};

class OrphanContents final : public SweepPart {
 public:
  OrphanContents(std::vector<base::FileId> files, const FileShelf& shelf) : files_(std::move(files)), shelf_(shelf) {}
  bool step(Database& db, std::uint64_t&) override {
    Statement known(db, "SELECT 1 FROM file WHERE id = ?");
    for (std::size_t i = 0; i < kContentStretch && !files_.empty() && !db.failed(); ++i) {
      const bool has_row = known.with(files_.back().text()).next();
      if (!has_row && !db.failed()) shelf_.remove(files_.back());
      files_.pop_back();
    }
    return !files_.empty();
  }

 private:
  std::vector<base::FileId> files_;
  const FileShelf shelf_;
};

}  // namespace

void erase_chat(Database& db, std::int64_t site, const base::VisitorId& visitor, const FileShelf& shelf,
                Sweep& sweep) {
  std::vector<base::FileId> contents;
  Remover remover(db, site, contents);
  Statement own(db, "SELECT id FROM conversation WHERE site = ? AND visitor = ?");
  if (own.with(site, visitor.text()).next()) {
    remover.tasks("conversation = ?2 AND conversation <> '' AND ?3 = 0", own.text(0), 0);
  }
  own.reset();
  remover.tasks("visitor = ?2 AND ?3 = 0", visitor.text(), 0);
  remover.conversations("visitor = ?2 AND ?3 = 0", visitor.text(), 0);
  remover.files("visitor = ?2 AND ?3 = 0", visitor.text(), 0);
  remover.prune_gone();
  sweep.count(remover.removed());
  sweep.add(std::make_unique<Contents>(std::move(contents), shelf));
  sweep.add(std::make_unique<DoomedMessages>());
}

void add_old_chat(std::int64_t site, Instant before, Instant unsaid_before, const FileShelf& shelf, Sweep& sweep) {
  sweep.add(std::make_unique<DoomedMessages>());
  sweep.add(std::make_unique<OldChat>(site, before, unsaid_before, shelf));
}

void add_orphans(std::vector<base::FileId> contents, const FileShelf& shelf, Sweep& sweep) {
  sweep.add(std::make_unique<OrphanContents>(std::move(contents), shelf));
  sweep.add(std::make_unique<DoomedMessages>());
}

}  // namespace beckon::store
