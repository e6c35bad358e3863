// Every sign that the program's own texts use is in its fonts: in the charts' and in Dear ImGui's.
#include <gtest/gtest.h>

#include <imgui.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "chart/fonts.h"
#include "claims/claims.h"
#include "config/fields.h"
#include "config/presets.h"
#include "ui/imgui_style.h"
#include "ui/panel.h"
#include "ui/shortcuts.h"

namespace grokscope {
namespace {

/// Code point -> where it stands, for the message.
using Signs = std::map<std::uint32_t, std::string>;

void add(Signs& signs, std::string_view text, const std::string& where) {
  while (!text.empty()) {
    const std::uint32_t sign = next_code_point(text);
    if (sign >= 0x20) signs.emplace(sign, where);
  }
}

Signs signs_of_texts() {
  Signs signs;
  for (const Preset& preset : presets()) {
    for (const std::string& text : {preset.name, preset.title, preset.paper, preset.look_for})
      add(signs, text, "preset " + preset.name);
  }
  for (const Field& field : fields()) {
    for (const std::string& text : {field.label, field.unit, field.help, range_text(field)})
      add(signs, text, field.name);
  }
  for (const Panel& panel : panels()) {
    for (const std::string_view text : {panel.short_name, panel.title, panel.help})
      add(signs, text, "panel " + std::string(panel.name));
  }
  for (const ShortcutEntry& entry : shortcuts())
    add(signs, entry.text + chord_text(entry.chord), "shortcuts");
  for (const Claim& claim : claims()) {
    for (const std::string_view text : {claim.paper, claim.figure, claim.statement, claim.published,
                                        claim.expected, claim.why, claim.quick})
      add(signs, text, "claim " + std::string(claim.name));
  }
  return signs;
}

/// Captions, sentences, flags: whatever stands in quotes in the program.
Signs signs_of_sources() {
  Signs signs;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(GROKSCOPE_SOURCE_DIR "/src")) {
    const std::string ending = entry.path().extension().string();
    if (ending != ".cpp" && ending != ".h") continue;
    // For a terminal, and for docs/settings.md.
    const std::string name = entry.path().filename().string();
    if (name == "progress_bar.cpp" || name == "settings_markdown.cpp") continue;
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::size_t quote = line.find('"');
      const std::size_t comment = line.find("//");
      if (quote == std::string::npos || comment < quote) continue;
      add(signs, std::string_view(line).substr(quote), name);
    }
  }
  return signs;
}

std::string in_words(std::uint32_t sign, const std::string& where) {
  std::ostringstream text;
  text << "U+" << std::hex << sign << " in " << where;
  return text.str();
}

void expect_in_charts(const Signs& signs) {
  const Fonts fonts;
  for (const auto& [sign, where] : signs) {
    std::string text;  // UTF-8
    if (sign < 0x80) {
      text = static_cast<char>(sign);
    } else if (sign < 0x800) {
      text = {static_cast<char>(0xC0 | sign >> 6), static_cast<char>(0x80 | (sign & 0x3F))};
    } else {
      text = {static_cast<char>(0xE0 | sign >> 12), static_cast<char>(0x80 | (sign >> 6 & 0x3F)),
              static_cast<char>(0x80 | (sign & 0x3F))};
    }
    for (const Face face : {Face::regular, Face::semibold})
      EXPECT_NE(fonts.place(text, face, 13.0f).glyphs.at(0).glyph, 0) << in_words(sign, where);
  }
}

void expect_in_widgets(const Signs& signs) {
  ImFontAtlas atlas;
  const UiFonts fonts = load_fonts(atlas, theme(ThemeKind::dark), 1.0f);
#if IMGUI_VERSION_NUM < 19200  // later ones load what they meet
  atlas.Build();
  for (const auto& [sign, where] : signs) {
    for (const ImFont* font : {fonts.regular, fonts.semibold, fonts.mono})
      EXPECT_NE(font->FindGlyphNoFallback(static_cast<ImWchar>(sign)), nullptr) << in_words(sign, where);
  }
#else
  (void)fonts;
#endif
}

TEST(Glyphs, EverySignOfTextsIsInTheFonts) {
  const Signs signs = signs_of_texts();
  EXPECT_TRUE(signs.contains(0x03B8)) << "no text with a sign: this test is weak";
  expect_in_charts(signs);
  expect_in_widgets(signs);
}

TEST(Glyphs, EverySignInQuotesInTheProgramIsInTheFonts) {
  const Signs signs = signs_of_sources();
  EXPECT_GT(signs.size(), 100u);
  expect_in_charts(signs);
  expect_in_widgets(signs);
}

}  // namespace
}  // namespace grokscope
