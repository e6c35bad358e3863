// The hash against published values of FNV-1a with 128 bits: keys in caches must stay what they are.
#include "base/hash.h"

#include <gtest/gtest.h>

namespace grokscope {
namespace {

TEST(Hash, IsFnv1a) {
  EXPECT_EQ(hash_of(""), "6c62272e07bb014262b821756295c58d");
  EXPECT_EQ(hash_of("a"), "d228cb696f1a8caf78912b704e4a8964");
  EXPECT_EQ(hash_of("foobar"), "343e1662793c64bf6f0d3597ba446f18");
}

TEST(Hash, PiecesAreTheWhole) {
  Hash128 hash;
  hash.add("foo");
  hash.add("");
  hash.add("bar");
  EXPECT_EQ(hash.hex(), hash_of("foobar"));
}

}  // namespace
}  // namespace grokscope
