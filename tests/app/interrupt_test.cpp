// A signal that asks the program to end: remembered, and told to whoever sleeps, whichever thread it met.
#include "app/interrupt.h"

#include <gtest/gtest.h>

#include <pthread.h>

#include <thread>

#include "base/tally.h"

namespace grokscope {
namespace {

struct sigaction action_of(int signal) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  return action;
}

TEST(Interrupt, ASignalOnAnyThreadIsRememberedAndWakes) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    Tally woken;
    const Interrupt interrupt(woken.adder());
    EXPECT_FALSE(interrupt.requested());
    std::thread([signal] { pthread_kill(pthread_self(), signal); }).join();
    EXPECT_TRUE(interrupt.requested());
    woken.wait_for(1);
    EXPECT_EQ(action_of(signal).sa_handler, SIG_DFL) << "a second one ends the program";
  }
}

TEST(Interrupt, WhatWasBeforeComesBackAndNothingIsTold) {
  Tally woken;
  {
    const Interrupt interrupt(woken.adder());
    EXPECT_NE(action_of(SIGTERM).sa_handler, SIG_DFL);
  }
  EXPECT_EQ(action_of(SIGTERM).sa_handler, SIG_DFL);
  EXPECT_EQ(woken.count(), 0);
}

TEST(Interrupt, AHangupThatIsIgnoredStaysIgnored) {
  signal(SIGHUP, SIG_IGN);  // as nohup does
  {
    const Interrupt interrupt;
    raise(SIGHUP);
    EXPECT_FALSE(interrupt.requested());
  }
  EXPECT_EQ(action_of(SIGHUP).sa_handler, SIG_IGN);
  signal(SIGHUP, SIG_DFL);
}

}  // namespace
}  // namespace grokscope
