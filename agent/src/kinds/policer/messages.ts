import {
  PolicerAddDel,
  PolicerDetails,
  PolicerDump,
  PolicerDumpV2,
  PolicerInput,
  PolicerOutput,
  PolicerUpdate,
} from '@vpp-ts/binapi-policer'
import { CliInband, CliInbandReply } from '@vpp-ts/binapi-vlib'
import { derived, indexOf, item, older, unused, uses } from '../uses.ts'

const color = (field: string) => ({ type: item(field), dscp: item(`${field}.mark`) })

const config = {
  cir: item('rate'),
  eir: item('excessRate'),
  cb: item('burst'),
  eb: item('excessBurst'),
  rateType: item('unit'),
  roundType: item('round'),
  type: item('type'),
  colorAware: item('colorAware'),
  conformAction: color('conform'),
  exceedAction: color('exceed'),
  violateAction: color('violate'),
}

const name = derived('mark and `name`')
const bucket = unused('what VPP reckons with')

const details = uses(PolicerDetails, {
  name,
  ...config,
  singleRate: unused('`type` says it'),
  scale: bucket,
  cirTokensPerPeriod: bucket,
  pirTokensPerPeriod: bucket,
  currentLimit: bucket,
  currentBucket: bucket,
  extendedLimit: bucket,
  extendedBucket: bucket,
  lastUpdateTime: bucket,
})

/** Messages of policers. */
export const POLICER_MESSAGES = [
  uses(PolicerAddDel, { isAdd: derived('true to make it, false to remove it'), name, ...config }),
  uses(PolicerUpdate, { policerIndex: derived('index of `name`'), infos: config }),
  older(
    uses(PolicerDump, {
      matchNameValid: unused('all are looked at'),
      matchName: unused('all are looked at'),
    }),
    'all are looked at; the newer version finds the index of one',
  ),
  uses(PolicerDumpV2, { policerIndex: derived('one after the other, to find the index of `name`') }),
  details,
]

const apply = derived('true to put it on an interface, false to take it off')

/** Messages of policers on interfaces. */
export const POLICER_BINDING_MESSAGES = [
  older(
    uses(PolicerInput, { name, swIfIndex: indexOf('input[]'), apply }),
    'VPP answers the newer version under the name of this one',
  ),
  older(
    uses(PolicerOutput, { name, swIfIndex: indexOf('output[]'), apply }),
    'VPP answers the newer version under the name of this one',
  ),
  uses(CliInband, {
    cmd: derived('`show interface features NAME`: no message tells that an interface has a policer'),
  }),
  uses(CliInbandReply, {
    retval: unused('the text says it'),
    reply: derived('read for policers on interfaces'),
  }),
]
