// A fixture: the dashboard over a made-up run, in a Dear ImGui of its own without a window. What a test does
// with it is the test's.
#pragma once

#include <gtest/gtest.h>

#include <imgui.h>

#include "ui/dashboard.h"
#include "ui/imgui_style.h"
#include "ui/synthetic_run.h"

namespace grokscope::testing {

class OnDashboard : public ::testing::Test {
 protected:
  OnDashboard(float width, float height)
      : history_(synthetic_run(742)),
        config_(history_.config()),
        facts_(synthetic_facts()),
        context_(ImGui::CreateContext()) {
    status_.state = RunState::running;
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = ImVec2(width, height);
    io.DeltaTime = 1.0f / 60.0f;
    unsigned char* pixels = nullptr;
    int pixels_wide = 0, pixels_high = 0;
    io.Fonts->GetTexDataAsAlpha8(&pixels, &pixels_wide, &pixels_high);
    apply_style(theme(view_.theme), 1.0f);
  }
  ~OnDashboard() override { ImGui::DestroyContext(context_); }

  RunView run(bool live = true) const {
    return {.history = &history_,
            .config = &config_,
            .status = &status_,
            .facts = &facts_,
            .live = live,
            .run_path = "/nowhere"};
  }

  History history_;
  RunConfig config_;
  RunFacts facts_;
  SessionStatus status_;
  ViewState view_;
  Dashboard dashboard_;
  Actions actions_;
  MeasureText measure_ = inter_metrics();
  double now_s_ = 0.0;

 private:
  ImGuiContext* context_;
};

}  // namespace grokscope::testing
