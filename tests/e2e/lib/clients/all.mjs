// SPDX-License-Identifier: GPL-3.0-or-later
// The SDKs of the field, each behind the same few words: connect, ask, goOn (with results of tools), say.
import { aiAnthropic, aiOpenai } from './aisdk.mjs';
import { anthropicMessages } from './anthropicmessages.mjs';
import { openaiChat } from './openaichat.mjs';
import { openaiResponses } from './openairesponses.mjs';

export const clients = [openaiChat, openaiResponses, anthropicMessages, aiOpenai, aiAnthropic];
