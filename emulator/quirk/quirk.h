// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "knowledge/quirk/quirk.h"

/// Defects are facts (knowledge/quirk); this room gives them life and calls them by their names.
namespace tpmprobe::emulator {

using knowledge::AddCapability;
using knowledge::AnswerCode;
using knowledge::Append;
using knowledge::Calls;
using knowledge::CapabilityList;
using knowledge::Change;
using knowledge::ChangeCommand;
using knowledge::ChangeResponse;
using knowledge::CloseConnection;
using knowledge::Condition;
using knowledge::Delay;
using knowledge::Echo;
using Effect = knowledge::QuirkEffect;
using knowledge::FieldIs;
using knowledge::FieldRange;
using knowledge::HideCapability;
using knowledge::KeyShape;
using knowledge::NeverAnswer;
using knowledge::NonceShape;
using knowledge::Quirk;
using knowledge::RepeatAnswer;
using knowledge::ReSignEcc;
using knowledge::ReSignPss;
using knowledge::Rule;
using knowledge::SaltShape;
using knowledge::SetProperty;
using knowledge::SetSize;
using knowledge::SetTag;
using knowledge::SubstituteKey;
using knowledge::Truncate;
using knowledge::UntilLeadingZero;
using knowledge::WeakRandom;

}  // namespace tpmprobe::emulator
