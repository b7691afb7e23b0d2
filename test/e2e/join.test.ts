import {boxTest, refused} from '../helpers/box.js';

boxTest(
	'a user can enter nobody’s network',
	async (t, box) => {
		const id = await box.detached(t, ['--network', 'none'], 'sleep 1000');
		for (const network of [`container:${id}`, 'ns:/proc/self/ns/net'])
			refused(t, await box.run(['--network', network, 'true']), /only root can enter the network of another/);
	},
	{as: 'user'},
);
