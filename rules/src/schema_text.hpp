// What never changes in the JSON Schema of rule files, as text, and the tables that its objects are made from.
#pragma once

#include <string_view>

namespace beckon::rules::schema {

inline constexpr std::string_view kHead = R"json({
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "Beckon rules",
  "description": "Who is offered what, and when, on one site",
  "type": "object",
  "additionalProperties": false,
  "required": ["rules"],
  "properties": {
    "$schema": { "type": "string", "description": "where this schema is, for the editor" },
    "segments": {
      "description": "named conditions, reused with {\"segment\": \"name\"}",
      "type": "object",
      "additionalProperties": { "$ref": "#/$defs/condition" }
    },
    "defaults": { "description": "what every rule has unless it says otherwise", "$ref": "#/$defs/defaults" },
    "limit": { "description": "over all rules together; none by default", "$ref": "#/$defs/limit" },
    "holdout": { "description": "share of visitors who never see anything, for measuring the whole programme", "$ref": "#/$defs/share" },
    "salt": { "description": "text that holdouts are drawn with; the site's id by default", "type": "string" },
    "pressure": { "$ref": "#/$defs/pressure" },
    "rules": { "description": "the rules, in the order in which equal priorities are considered", "type": "array", "items": { "$ref": "#/$defs/rule" } }
  },
  "$defs": {
    "name": { "type": "string", "minLength": 1, "maxLength": 64 },
    "names": { "anyOf": [{ "$ref": "#/$defs/name" }, { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/name" } }] },
    "words": { "type": "string", "minLength": 1 },
    "share": { "type": "number", "minimum": 0, "maximum": 1, "default": 0 },
    "count": { "type": "integer", "minimum": 1 },
    "duration": {
      "description": "500ms, 45s, 2m, 1h30m, 7d",
      "type": "string",
      "pattern": "^(?!$)([0-9]+d)?([0-9]+h)?([0-9]+m(?!s))?([0-9]+s)?([0-9]+ms)?$"
    },
    "link": { "description": "an http(s) address or a path of the site", "type": "string", "pattern": "^([Hh][Tt][Tt][Pp][Ss]?://[^/]|/(?!/))" },
    "localText": {
      "description": "one text, or one per language: {\"en\": \"Need a hand?\", \"fr\": \"Besoin d'aide ?\"}",
      "anyOf": [
        { "$ref": "#/$defs/words" },
        {
          "type": "object",
          "minProperties": 1,
          "additionalProperties": false,
          "patternProperties": { "^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$": { "$ref": "#/$defs/words" } }
        }
      ]
    },
    "span": {
      "description": "since the page began, the visit, ever, or the last so much time",
      "anyOf": [{ "enum": ["page", "visit", "visitor"] }, { "$ref": "#/$defs/duration" }],
      "default": "visit"
    },
    "conditions": { "type": "array", "minItems": 1, "items": { "$ref": "#/$defs/condition" } },
    "where": {
      "description": "tests on the event's data",
      "type": "object",
      "maxProperties": 16,
      "additionalProperties": { "$ref": "#/$defs/scalarTest" }
    },
    "step": {
      "description": "a page, by its path, or an event",
      "type": "object",
      "minProperties": 1,
      "oneOf": [{ "required": ["page"] }, { "required": ["event"] }],
      "additionalProperties": false,
      "properties": {
        "page": { "description": "test on the path of a page", "$ref": "#/$defs/stringTest" },
        "event": { "description": "name of an event", "$ref": "#/$defs/name" },
        "where": { "$ref": "#/$defs/where" }
      },
      "dependentRequired": { "where": ["event"] }
    },
)json";

inline constexpr std::string_view kConditionHead = R"json(    "condition": {
      "type": "object",
      "minProperties": 1,
      "additionalProperties": false,
      "dependentRequired": { "held": ["for"], "for": ["held"], "where": ["event"], "count": ["event"] },
      "dependentSchemas": {
        "within": { "anyOf": [{ "required": ["event"] }, { "required": ["sequence"] }] },
        "all": { "maxProperties": 1 },
        "any": { "maxProperties": 1 },
        "none": { "maxProperties": 1 },
        "segment": { "maxProperties": 1 },
        "held": { "maxProperties": 2 },
        "sequence": { "maxProperties": 2 },
        "event": { "propertyNames": { "enum": ["event", "where", "count", "within"] } }
      },
      "properties": {
        "all": { "description": "every one of them holds", "$ref": "#/$defs/conditions" },
        "any": { "description": "at least one of them holds", "$ref": "#/$defs/conditions" },
        "none": { "description": "not one of them holds", "$ref": "#/$defs/conditions" },
        "segment": { "description": "a named condition of this file holds", "type": "string" },
        "event": { "description": "so many events of this name", "$ref": "#/$defs/name" },
        "where": { "$ref": "#/$defs/where" },
        "count": { "description": "test on the number of events", "$ref": "#/$defs/numberTest", "default": { "gte": 1 } },
        "within": { "$ref": "#/$defs/span" },
        "sequence": {
          "description": "these steps in this order, others between them allowed",
          "type": "array",
          "minItems": 1,
          "maxItems": 16,
          "items": { "$ref": "#/$defs/step" }
        },
        "held": { "description": "has been true all the time", "$ref": "#/$defs/condition" },
        "for": { "description": "for how long", "$ref": "#/$defs/duration" })json";

inline constexpr std::string_view kActions = R"json(    "actions": {
      "description": "what to do: one offer at most, and any of the others",
      "type": "object",
      "minProperties": 1,
      "not": { "anyOf": [{ "required": ["invite", "call"] }, { "required": ["invite", "survey"] }, { "required": ["call", "survey"] }] },
      "additionalProperties": false,
      "properties": {
        "invite": {
          "description": "invite to a chat",
          "type": "object",
          "required": ["text"],
          "additionalProperties": false,
          "properties": {
            "text": { "$ref": "#/$defs/localText" },
            "from": {
              "description": "who writes",
              "type": "object",
              "required": ["name"],
              "additionalProperties": false,
              "properties": { "name": { "$ref": "#/$defs/words" }, "picture": { "$ref": "#/$defs/link" } }
            },
            "style": { "description": "how it is shown", "enum": ["bubble", "panel", "open", "bar"], "default": "bubble" },
            "quick_replies": {
              "description": "a click sends the text as the first message, or follows the link",
              "type": "array",
              "minItems": 1,
              "maxItems": 10,
              "items": {
                "anyOf": [
                  { "$ref": "#/$defs/words" },
                  {
                    "type": "object",
                    "required": ["text"],
                    "additionalProperties": false,
                    "properties": { "text": { "$ref": "#/$defs/words" }, "link": { "$ref": "#/$defs/link" } }
                  }
                ]
              }
            },
            "card": {
              "description": "a product beside the text",
              "type": "object",
              "required": ["title"],
              "additionalProperties": false,
              "dependentRequired": { "button": ["link"] },
              "properties": {
                "image": { "$ref": "#/$defs/link" },
                "title": { "$ref": "#/$defs/words" },
                "price": { "$ref": "#/$defs/words" },
                "link": { "$ref": "#/$defs/link" },
                "button": { "$ref": "#/$defs/words" }
              }
            },
            "coupon": { "description": "a code to copy", "$ref": "#/$defs/words" }
          }
        },
        "call": {
          "description": "offer a telephone call",
          "type": "object",
          "required": ["text"],
          "oneOf": [{ "required": ["phone"] }, { "required": ["callback"] }],
          "additionalProperties": false,
          "properties": {
            "text": { "$ref": "#/$defs/localText" },
            "phone": { "description": "number to call", "$ref": "#/$defs/words" },
            "callback": { "description": "a form that leaves a number", "const": true }
          }
        },
        "survey": {
          "description": "ask one question",
          "type": "object",
          "required": ["type", "text"],
          "additionalProperties": false,
          "properties": { "type": { "enum": ["nps", "csat"] }, "text": { "$ref": "#/$defs/localText" } }
        },
        "tag": { "description": "tag the visitor", "$ref": "#/$defs/names" },
        "emit": { "description": "event for the site's own script", "$ref": "#/$defs/names" },
        "route": { "description": "skill or group for the chat that follows", "$ref": "#/$defs/name" }
      }
    },
)json";

inline constexpr std::string_view kPressure = R"json(    "pressure": {
      "description": "how solicitation is weighed",
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "half_life": { "description": "time in which pressure halves", "$ref": "#/$defs/duration", "default": "7d" },
        "shown": { "description": "what an offer adds", "type": "number", "default": 1 },
        "ignored": { "description": "what an ignored offer adds", "type": "number", "default": 1 },
        "dismissed": { "description": "what a dismissed offer adds", "type": "number", "default": 3 },
        "accepted": { "description": "what an accepted offer adds", "type": "number", "default": -2 },
        "under": { "description": "below it the state is under", "type": "number", "default": 0.5 },
        "over": { "description": "from it on the state is over, and no offer fires", "type": "number", "default": 5.5 }
      }
    },
)json";

// A key of an object, its doc line and the schema of its value.
struct Entry {
  std::string_view name, description, schema;
};

inline constexpr Entry kLimitKeys[] = {
    {"per_page", "at most so often on one page", R"("$ref": "#/$defs/count")"},
    {"per_visit", "at most so often in one visit", R"("$ref": "#/$defs/count")"},
    {"per_visitor", "at most so often ever", R"("$ref": "#/$defs/count")"},
    {"every", "least time between two", R"("$ref": "#/$defs/duration")"},
    {"after_dismiss", "quiet after a dismissal", R"("$ref": "#/$defs/duration")"},
    {"after_accept", "quiet after an acceptance", R"("$ref": "#/$defs/duration")"},
};
inline constexpr Entry kNeedsKeys[] = {
    {"operator", "somebody has a free slot", R"("type": "boolean")"},
    {"skill", "somebody of that skill has", R"("$ref": "#/$defs/name")"},
    {"consent", "the visitor has consented", R"("type": "boolean")"},
};

// The keys that a rule and `defaults` share. In a rule each may be null, which removes a default.
inline constexpr Entry kOptions[] = {
    {"about", "what the rule is for", R"("type": "string")"},
    {"limit", "how often it may fire; once a visit without any", R"("$ref": "#/$defs/limit")"},
    {"needs", "what must be there for it to fire", R"("$ref": "#/$defs/needs")"},
    {"until", "how long the offer stays", R"("anyOf": [{ "enum": ["page", "visit"] }, { "$ref": "#/$defs/duration" }])"},
    {"holdout", "share of visitors who do not see it, for comparison", R"("$ref": "#/$defs/share")"},
    {"variants", "several things to try, in place of then",
     R"("type": "array", "minItems": 1, "maxItems": 100, "items": { "$ref": "#/$defs/variant" })"},
    {"priority", "higher comes first", R"("type": "integer")"},
    {"ignore_pressure", "fires even when the visitor was solicited too much", R"("type": "boolean")"},
    {"mode", "shadow decides and records, and shows nothing", R"("enum": ["live", "shadow", "off"])"},
};

inline constexpr std::string_view kVariant = R"json(    "variant": {
      "type": "object",
      "required": ["then"],
      "additionalProperties": false,
      "properties": {
        "weight": { "description": "share against the other variants", "type": "number", "exclusiveMinimum": 0, "default": 1 },
        "then": { "$ref": "#/$defs/actions" }
      }
    },
)json";

inline constexpr std::string_view kRuleHead = R"json(    "rule": {
      "type": "object",
      "required": ["id", "when"],
      "if": { "required": ["variants"], "properties": { "variants": { "type": "array" } } },
      "then": { "not": { "required": ["then"] } },
      "additionalProperties": false,
      "properties": {
        "id": { "description": "its name in journals and results, unique", "type": "string", "pattern": "^[a-z0-9-]{1,64}$" },
        "when": { "description": "the condition on which it fires", "$ref": "#/$defs/condition" },
        "then": { "$ref": "#/$defs/actions" },)json";

}  // namespace beckon::rules::schema
