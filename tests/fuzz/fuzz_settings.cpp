// Fuzz body: any bytes as the window's settings file; what comes out is in range and survives being written.
// module: app
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "app/settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace grokscope;
  const Settings settings = settings_from_text(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!(settings.zoom >= 0.75 && settings.zoom <= 3.0)) std::abort();
  if (settings.width < 320 || settings.width > 16384) std::abort();
  if (settings.height < 240 || settings.height > 16384 || settings.speed_index < 0) std::abort();
  const std::string written = text_from_settings(settings);
  if (text_from_settings(settings_from_text(written)) != written) std::abort();
  return 0;
}
