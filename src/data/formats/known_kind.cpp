// Known kind: see known_kind.h.
#include "data/formats/known_kind.h"

namespace grokscope {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::string_view start, name;
};
constexpr Kind kKinds[] = {
    {"\x1F\x8B"sv, "packed with gzip: unpack it"sv},
    {"PK\x03\x04"sv, "a ZIP archive (a workbook of a spreadsheet is one, too): unpack or export it"sv},
    {"\xFD"
     "7zXZ\x00"sv,
     "packed with xz: unpack it"sv},
    {"\x28\xB5\x2F\xFD"sv, "packed with zstd: unpack it"sv},
    {"BZh91AY&SY"sv, "packed with bzip2: unpack it"sv},
    {"\xFF\xFE"sv, "UTF-16 text: save it as UTF-8"sv},
    {"\xFE\xFF"sv, "UTF-16 text: save it as UTF-8"sv},
    {"\x00\x05\x16\x07"sv, "what macOS keeps beside a file (AppleDouble): choose the file without ._"sv},
    {"version https://git-lfs"sv, "a pointer of Git LFS: fetch the file itself with git lfs pull"sv},
    {"<!DOCTYPE"sv, "a web page: download the file itself"sv},
    {"<!doctype"sv, "a web page: download the file itself"sv},
    {"<html"sv, "a web page: download the file itself"sv},
    {"\x89PNG\r\n"sv, "a PNG picture"sv},
    {"\xFF\xD8\xFF"sv, "a JPEG picture"sv},
    {"%PDF-"sv, "a PDF document"sv},
    {"\x93NUMPY"sv, "an array of NumPy"sv},
    {"\x89HDF\r\n"sv, "an HDF5 file"sv},
    {"PAR1\x15"sv, "a Parquet file: export it as CSV"sv},
};

}  // namespace

std::string_view known_kind(std::string_view first_bytes) {
  for (const Kind& kind : kKinds) {
    if (first_bytes.starts_with(kind.start)) return kind.name;
  }
  return {};
}

}  // namespace grokscope
