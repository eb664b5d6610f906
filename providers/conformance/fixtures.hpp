#pragma once

// The parts of the conformance provider, by what they exercise.

#include "providers/catalog.hpp"

#include <chrono>

namespace hydrant::providers::conformance {

/// Every kind of content, a tool error, and input schemas that must come back from a list as they are.
void add_content_tools(catalog& to);
/// Progress and log messages `pause` apart, and a stream that is closed before its result.
void add_timed_tools(catalog& to, std::chrono::milliseconds pause);
/// Tools that announce a change of a list.
void add_trigger_tools(catalog& to, announcer& changes);
/// One question, whose answer is sent back as text.
void add_asking_tools(catalog& to);
/// Questions over one or more rounds (SEP-2322), with memory and with what the client lacks.
void add_multi_round_tools(catalog& to);
void add_resources(catalog& to);
void add_prompts(catalog& to);

/// One blue pixel, a PNG image in Base64.
inline constexpr const char* png_pixel =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR42mOQS9sCAAHeATmcAbJuAAAAAElFTkSuQmCC";
/// A millisecond of silence, 8 kHz 8-bit mono: a WAV file in Base64.
inline constexpr const char* wav_silence = "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA==";

}  // namespace hydrant::providers::conformance
