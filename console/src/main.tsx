import { render } from 'preact';
import { App } from './shell/app';
import { newsOf } from './shell/news';
import { startShortcuts } from './shell/shortcuts';
import { startWatching } from './shell/watching';
import { onFrame } from './store/desk';
import { followDrafts } from './store/drafts';
import { startNavigation } from './store/navigation';
import { begin, takeSecret } from './store/session';
import './styles/index.css';

const secret = takeSecret();
onFrame(newsOf);
startNavigation();
startShortcuts();
startWatching();
followDrafts();
render(<App />, document.getElementById('app')!);
void begin(secret);
