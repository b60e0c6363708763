import type { Conversation, Visitor } from '../protocol/wire';
import { back } from '../store/navigation';
import { current } from '../store/select';
import { place } from '../store/state';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icons';
import { mailHref, safeHref } from '../ui/links';
import { plainLabel } from '../ui/plain';
import { clock, dateTime, fullTime, money } from '../ui/time';
import { shownFacts } from './facts';
import { languageName, valueInWords } from './words';
import { visitorName } from './name';

/** Beside the conversation: who the visitor is and what they did. */
export function VisitorPanel() {
  const c = useStore(current);
  const visitor = useStore(({ threads }) => (c ? threads[place(c)]?.visitor : undefined));
  if (!c) return null;
  return (
    <aside class="visitor" aria-label={t('details')}>
      <header class="pane-header narrow-only">
        <button type="button" class="quiet square" aria-label={t('back')} onClick={back}>
          <Icon name="back" />
        </button>
        <h2>{t('details')}</h2>
      </header>
      <div class="scroll" tabIndex={0} role="region" aria-label={t('details')}>
        <Identity of={c} visitor={visitor} />
        <Cart cart={visitor?.cart} />
        <Path visitor={visitor} />
        <Origin of={c} />
        <Knowledge visitor={visitor} />
      </div>
    </aside>
  );
}

function Identity({ of: c, visitor }: { of: Conversation; visitor: Visitor | undefined }) {
  const online = visitor?.online ?? c.online;
  const write = mailHref(c.email);
  return (
    <section class="identity">
      <Avatar name={visitorName(c)} seed={c.visitor} state={online ? 'online' : 'offline'} />
      <h3>
        <bdi>{visitorName(c)}</bdi>
      </h3>
      <p>{t(online ? 'visitor_online' : 'visitor_gone')}</p>
      {c.email && (
        <p>
          {write ? (
            <a href={write}>
              <bdi>{plainLabel(c.email)}</bdi>
            </a>
          ) : (
            <bdi>{plainLabel(c.email)}</bdi>
          )}
        </p>
      )}
      {visitor?.tags && visitor.tags.length > 0 && (
        <ul class="tags" aria-label={t('tags')}>
          {visitor.tags.map((tag) => (
            <li class="tag" key={tag}>
              <bdi>{plainLabel(tag)}</bdi>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Cart({ cart }: { cart: Visitor['cart'] }) {
  if (!cart || (!cart.items && !cart.value)) return null;
  return (
    <section>
      <h3>{t('cart')}</h3>
      <p class="cart">
        <Icon name="cart" />
        <strong>{cart.value === undefined ? '' : money(cart.value, cart.currency)}</strong>
        {cart.items !== undefined && <span>{t(cart.items === 1 ? 'item' : 'items', { n: cart.items })}</span>}
      </p>
    </section>
  );
}

function Path({ visitor }: { visitor: Visitor | undefined }) {
  const pages = visitor?.pages ?? [];
  if (pages.length === 0) return null;
  return (
    <section>
      <h3>{t('path')}</h3>
      <ol class="path" reversed>
        {[...pages].reverse().map((page, i) => {
          const href = safeHref(page.url);
          const title = plainLabel(page.title) || pathOf(page.url);
          return (
            <li key={`${page.at}${page.url}`} aria-current={i === 0 ? 'page' : undefined}>
              <span class="page-title">
                {i === 0 && visitor!.online && (
                  <span class="tag" data-kind="mine">
                    {t('now')}
                  </span>
                )}
                {href ? (
                  <a href={href} target="_blank" rel="noopener noreferrer">
                    <bdi>{title}</bdi>
                  </a>
                ) : (
                  <bdi>{title}</bdi>
                )}
              </span>
              <span class="page-path">
                <bdi>{pathOf(page.url)}</bdi>
              </span>
              <time dateTime={new Date(page.at).toISOString()} title={fullTime(page.at)}>
                {clock(page.at)}
              </time>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Origin({ of: c }: { of: Conversation }) {
  return (
    <section>
      <h3>{t('about')}</h3>
      <dl class="facts">
        <Fact name={t('rule')} value={c.rule} />
        <Fact name={t('group')} value={c.group} />
        <Fact name={t('skill')} value={c.skill} />
        <Fact name={t('language')} value={c.language && languageName(c.language)} />
        <Fact name={t('since')} value={dateTime(c.created)} />
        <Fact name={t('site')} value={c.site} />
        <Fact name={t('visitor_id')} value={c.visitor} />
      </dl>
    </section>
  );
}

/** Facts of the profile, then what the site said of the visitor. */
function Knowledge({ visitor }: { visitor: Visitor | undefined }) {
  const facts = shownFacts(visitor?.facts);
  const attrs = Object.entries(visitor?.attrs ?? {});
  return (
    <>
      {facts.length > 0 && (
        <section>
          <h3>{t('profile')}</h3>
          <dl class="facts">
            {facts.map(({ name, value }) => (
              <Fact key={name} name={name} value={value} />
            ))}
          </dl>
        </section>
      )}
      {attrs.length > 0 && (
        <section>
          <h3>{t('attributes')}</h3>
          <dl class="facts">
            {attrs.map(([name, value]) => (
              <Fact key={name} name={name} value={valueInWords(value)} />
            ))}
          </dl>
        </section>
      )}
    </>
  );
}

function Fact({ name, value }: { name: string; value: string | undefined }) {
  if (!value) return null;
  return (
    <div>
      <dt>
        <bdi>{plainLabel(name)}</bdi>
      </dt>
      <dd>
        <bdi>{plainLabel(value)}</bdi>
      </dd>
    </div>
  );
}

function pathOf(url: string): string {
  try {
    const { pathname, search } = new URL(url);
    return decodeURI(pathname) + search;
  } catch {
    return plainLabel(url);
  }
}
