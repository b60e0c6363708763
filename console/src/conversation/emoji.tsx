import { t } from '../texts';
import { Icon } from '../ui/icons';
import { Popover } from '../ui/popover';

const kEmoji = [
  ...'😀😄😁😅😂🙂😉😊😍😘😎🤗🤔😐😏🙄😮😴😢😭😤😱🤯🥳',
  ...'👍👎👌🙏👏🙌💪👋🤝🎉✨🔥💯⭐💡✅❌❓❗💬📦🚚🎁💳',
  '❤️',
  '☀️',
];

export function EmojiPicker({ onPick }: { onPick: (emoji: string) => void }) {
  return (
    <Popover label={t('emoji')} class="quiet square" panelClass="emoji" role="menu" face={<Icon name="emoji" />}>
      {(close) =>
        kEmoji.map((emoji) => (
          <button type="button" role="menuitem" tabIndex={-1} onClick={() => (close(), onPick(emoji))}>
            {emoji}
          </button>
        ))
      }
    </Popover>
  );
}
