import type { FileInfo } from '../protocol/wire';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { bytes } from '../ui/time';

const kPictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const kId = /^f_[A-Za-z0-9_-]+$/;

/** A picture as a picture, anything else as a file to take. */
export function Attachment({ of: file }: { of: FileInfo }) {
  const name = plainLabel(file.name) || t('file');
  if (!kId.test(file.id)) return <p class="bubble">{name}</p>;
  const href = '/files/' + file.id;
  if (kPictures.includes(file.type)) {
    return (
      <a class="picture" href={href} target="_blank" rel="noopener noreferrer">
        <img src={href} alt={t('picture', { name })} width={file.width} height={file.height} loading="lazy" />
      </a>
    );
  }
  return (
    <a class="bubble file" href={href} target="_blank" rel="noopener noreferrer" download={name}>
      <Icon name="file" />
      <span>
        <bdi>{name}</bdi>
        <small>{bytes(file.bytes)}</small>
      </span>
    </a>
  );
}
